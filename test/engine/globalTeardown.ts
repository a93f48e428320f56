import { rmSync } from 'node:fs';

/** Removes the folder that `globalSetup.ts` created. */
export default function removeTemporaryFolder(): void {
	rmSync(process.env.TMPDIR as string, { recursive: true, force: true });
}
