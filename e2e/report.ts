export interface Report {
	/** Runs one check of a part; the part ends with the first that does not hold. */
	step<T>(promise: string, check: () => Promise<T> | T): Promise<T>;
	/** A measured figure for people. */
	figure(text: string): void;
}

export class PartEnded extends Error {}

/** Prints each step with its time, and counts. */
export class PrintedReport implements Report {
	passed = 0;
	failed = 0;

	async step<T>(promise: string, check: () => Promise<T> | T): Promise<T> {
		const begin = Date.now();
		try {
			const result = await check();
			this.passed++;
			this.line(`  ok      ${promise} (${seconds(begin)})`);
			return result;
		} catch (error) {
			this.failed++;
			const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
			this.line(`  FAILED  ${promise} (${seconds(begin)})\n          ${reason}`);
			throw new PartEnded(promise);
		}
	}

	figure(text: string): void {
		this.line(`          ${text}`);
	}

	line(text: string): void {
		process.stdout.write(`${text}\n`);
	}
}

export function seconds(begin: number): string {
	return `${((Date.now() - begin) / 1000).toFixed(1)} s`;
}

export function megabytes(bytes: number): string {
	return `${Math.round(bytes / 1e6)} MB`;
}
