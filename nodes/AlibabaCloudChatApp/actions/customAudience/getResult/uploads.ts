import type { IDataObject } from 'n8n-workflow';

/** What the input tells of the uploads to an audience. */
export interface Uploads {
	/** The audience's people before the first of them; undefined when nobody noted it. */
	before?: number;
	/** How many users were submitted; undefined when the input doesn't tell. */
	submitted?: number;
}

/**
 * Reads the output of 'Add Users' or 'Send Collected Users': its summaries, of which a submission over several runs has
 * more than one, or its items for each user.
 * @param items the input items of one audience
 */
export function readUploads(items: IDataObject[], customAudienceId: string): Uploads {
	const uploads: Uploads = {};
	for (const item of items) {
		// A summary of another audience says nothing about this one.
		const { customAudienceId: of = customAudienceId } = item;
		if (String(of) !== customAudienceId) continue;
		const submitted = submittedBy(item);
		if (submitted === undefined) continue;
		uploads.submitted = (uploads.submitted ?? 0) + submitted;
		uploads.before ??= countOf(item.tokenTotal);
	}
	return uploads;
}

/** A count of people as the API or an item gives it; undefined for anything else. */
export function countOf(value: unknown): number | undefined {
	const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return typeof count === 'number' && Number.isInteger(count) && count >= 0 ? count : undefined;
}

function submittedBy(item: IDataObject): number | undefined {
	const own = countOf(item.submitted);
	if (own !== undefined) return own + wentAlong(item, own);
	const status = (item.customAudience as IDataObject | null | undefined)?.status;
	if (typeof status !== 'string') return undefined;
	return status === 'submitted' ? 1 : 0;
}

/** Contacts that had waited went along with the run's own. */
function wentAlong({ collecting, fields }: IDataObject, own: number): number {
	const waited = countOf((collecting as IDataObject | null | undefined)?.sentFromTable) ?? 0;
	// 'Send Collected Users' looks into no fields: all that it submitted had waited.
	const hasNone = Object.keys((fields as IDataObject | null | undefined) ?? {}).length === 0;
	return hasNone && waited === own ? 0 : waited;
}
