import type { RawContact } from '../contacts/contact';

/** A contact's place in its source, from 0. */
export type Ref = number;

/** The places of some contacts. */
export type Refs = Pick<readonly Ref[], 'length' | 'at'>;

/** Where contacts come from: input items, a file's rows, or what was collected before. */
export interface ContactSource {
	/** All contacts, in order, in chunks that are small enough to be cleaned without holding n8n up. */
	open(): AsyncIterable<RawContact[]>;
}
