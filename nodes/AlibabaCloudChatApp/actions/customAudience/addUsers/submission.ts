import type { FieldPaths } from '../../../contacts/contact';
import type { Message } from '../../../message';
import type { Audience } from '../../../submission/audience';
import type { SubmissionPlan } from '../../../submission/delivery';
import type { DryRunPlan } from '../../../submission/dryRun';
import type { Ledger } from '../../../submission/ledger';
import type { Collecting } from '../../../submission/report';
import type { Surveyed } from '../../../submission/survey';
import type { FileSource } from '../../../sources/file/fileSource';
import type { Ref } from '../../../sources/source';
import type { AddUsersOptions } from './readOptions';
import type { Found } from './submitting';

/** Why a run can't go on, with the input item that shows it. */
export interface Stop extends Message {
	item?: number;
}

/** What is ready to be sent. */
export interface Ready extends Surveyed {
	plan: SubmissionPlan;
	options: AddUsersOptions;
	/** What waits for the audience goes along with a list; too few are stored first. Absent: without the table. */
	collect?: 'list' | 'few';
}

/** One audience's contacts on their way through a run. */
export interface Submission {
	audience: Audience;
	/** Absent where nobody told it. */
	audienceName?: string;
	/** The input items that its contacts come from: the contact `ref` is that of `items[ref]`, or all are the file's. */
	items: number[];
	/** Present when its contacts are the rows of a file. */
	file?: FileSource;
	ledger: Ledger;
	warnings: Message[];
	/** Where contacts had their fields; absent when none was looked at. */
	fields?: FieldPaths;
	/** What became known while it was sent. */
	found: Found;
	/** Absent when nothing is to be sent. */
	ready?: Ready;
	/** Present when the run can't go on as the person wants it to. */
	stop?: Stop;
	/** Only in a dry run. */
	preview?: DryRunPlan;
	/** Only when it had to do with the table. */
	collecting?: Collecting;
}

/** The input item that a contact came with. */
export function itemOf({ items, file }: Submission, ref: Ref): number | undefined {
	return file ? items[0] : items[ref];
}

/** Where a contact stands, as a message names it. */
export function placeOf({ items, file }: Submission, ref: Ref): string {
	return file ? `Row ${file.rowOf(ref)}` : `Item ${items[ref]}`;
}
