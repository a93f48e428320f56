import type { IDataObject } from 'n8n-workflow';
import { stillClock } from '../engine/stillClock';
import { MemoryTables } from './memoryTables';

/** What outlasts the runs of a test: Data Tables, n8n's static data and the time, new before each test. */
export class Lasting {
	now = Date.now();
	readonly tables = new MemoryTables(() => this.now);
	readonly staticData: IDataObject = {};

	/** What is handed to a run. */
	get run() {
		const { tables, staticData } = this;
		return { tables, staticData, clock: { ...stillClock(), now: () => this.now } };
	}
}
