import type { IExecuteFunctions } from 'n8n-workflow';
import type { RawContact } from '../../../contacts/contact';
import type { Message } from '../../../message';
import { FileSource } from '../../../sources/file/fileSource';
import { itemSource } from '../../../sources/items';
import type { ContactSource } from '../../../sources/source';
import { PackedUsers } from '../../../submission/packedUsers';
import type { GrowingUserList } from '../../../submission/users';
import type { Clock } from '../../../transport/clock';
import type { OnError } from '../../output';
import { fileOf } from './binaryFile';
import { mappingOfFile } from './mapping';
import { notReadable, passedOver, widerRows } from './messages';
import { tellingRows } from './progress';
import type { AddUsersOptions } from './readOptions';
import type { Submission } from './submission';

/** A submission's contacts, ready to be read. */
export interface Opened {
	source: ContactSource;
	users: GrowingUserList;
	/** Whether duplicates are still to be removed, since the list doesn't know them itself. */
	removeDuplicates: boolean;
	/** What a person should know about the contacts, once they are read. */
	warnings(): Message[];
}

/** Finds a submission's contacts. @throws FileFault, or what reading a parameter throws */
export type OpenSource = (submission: Submission, options: AddUsersOptions) => Opened;

/** Each of the submission's input items is a contact. */
export function openItems(read: (item: number) => RawContact, onError: OnError): OpenSource {
	return ({ items }, { removeDuplicates }) => {
		const source = itemSource(items, read, onError !== 'stop');
		const warnings = () => (source.unreadable.length > 0 ? [notReadable(source.unreadable)] : []);
		return { source, users: [], removeDuplicates, warnings };
	};
}

/** The submission's one input item holds a file of contacts. */
export function openFile(context: IExecuteFunctions, clock: Clock): OpenSource {
	return (submission, options) => {
		const item = submission.items[0] as number;
		const { separator, encoding, headerRow, removeDuplicates } = options;
		const file = new FileSource(fileOf(context, item), {
			separator: separator === 'auto' ? '' : separator,
			encoding,
			headerRow,
			brokenRows: isSkipChosen(context, item) ? 'skip' : 'stop',
			mapping: mappingOfFile(context, item),
		});
		submission.file = file;
		return {
			source: tellingRows(file, { context, clock }),
			users: new PackedUsers({ unique: removeDuplicates }),
			removeDuplicates: false,
			warnings: () => warningsOf(file),
		};
	};
}

// By itself 'Skip' is about contacts: that rows which can't be read are left out is for the person to say.
function isSkipChosen(context: IExecuteFunctions, item: number): boolean {
	const { invalidUsers } = context.getNodeParameter('options', item, {}) as Record<string, unknown>;
	return invalidUsers === 'skip';
}

function warningsOf({ facts: { broken, wider } }: FileSource): Message[] {
	return [...(broken ? [passedOver(broken)] : []), ...(wider ? [widerRows(wider)] : [])];
}
