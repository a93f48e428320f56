import { CONTRACT } from '../../test/store/tableContract';
import { inlineTables } from '../n8n/inlineTable';
import type { Rest } from '../n8n/rest';
import type { Report } from '../report';
import type { Part } from '../run';

/** n8n's own Data Tables do what the table in memory does, on which the store's rules are tested. */
export const part: Part = async (stage, report) => {
	const { server } = await stage.n8n();
	await keepsContract(server.rest, report);
};

/** Checks an n8n's Data Tables by the contract. */
export async function keepsContract(rest: Rest, report: Report): Promise<void> {
	const tableNamed = await inlineTables(rest);
	for (const [index, [promise, check]] of Object.entries(CONTRACT).entries()) {
		await report.step(promise, async () => await check(tableNamed(`contract ${index} of it`)));
	}
}
