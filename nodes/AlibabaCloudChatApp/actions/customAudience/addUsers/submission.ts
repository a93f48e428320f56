import type { Message } from '../../../message';
import type { Audience } from '../../../submission/audience';
import type { SubmissionPlan } from '../../../submission/delivery';
import type { DryRunPlan } from '../../../submission/dryRun';
import type { Ledger } from '../../../submission/ledger';
import type { Surveyed } from '../../../submission/survey';
import type { AddUsersOptions } from './readOptions';

/** Why a run can't go on, with the input item that shows it. */
export interface Stop extends Message {
	item?: number;
}

/** What is ready to be sent. */
export interface Ready extends Surveyed {
	plan: SubmissionPlan;
	options: AddUsersOptions;
}

/** One audience's contacts on their way through a run. */
export interface Submission {
	audience: Audience;
	/** Absent where nobody told it. */
	audienceName?: string;
	/** The input items that its contacts come from: the contact `ref` is that of `items[ref]`. */
	items: number[];
	ledger: Ledger;
	warnings: Message[];
	/** Absent when nothing is to be sent. */
	ready?: Ready;
	/** Present when the run can't go on as the person wants it to. */
	stop?: Stop;
	/** Only in a dry run. */
	preview?: DryRunPlan;
}
