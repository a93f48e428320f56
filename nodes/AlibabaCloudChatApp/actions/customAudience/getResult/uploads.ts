import type { IDataObject } from 'n8n-workflow';

/** What the input tells of the uploads to an audience. */
export interface Uploads {
	/** The audience's people before the first of them; undefined when nobody noted it. */
	before?: number;
	/** How many users were submitted; undefined when the input doesn't tell. */
	submitted?: number;
}

/**
 * Reads the output of 'Add Users': its summaries, of which a submission over several runs has more than one, or its
 * items for each user.
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

function submittedBy({ submitted, collecting, customAudience }: IDataObject): number | undefined {
	const own = countOf(submitted);
	// Contacts that had waited went along with the run's own.
	if (own !== undefined) return own + (countOf((collecting as IDataObject)?.sentFromTable) ?? 0);
	const status = (customAudience as IDataObject | null | undefined)?.status;
	if (typeof status !== 'string') return undefined;
	return status === 'submitted' ? 1 : 0;
}
