import { NodeOperationError, type ILoadOptionsFunctions } from 'n8n-workflow';

/** The fields that a list may depend on, as the panel names them. */
const LABELS = { custSpaceId: 'Channel', pageId: 'Page ID', adAccountId: 'Ad Account' };

/**
 * The value of a field that a list depends on.
 * @throws NodeOperationError that says what to do when it is empty, or known only when the workflow runs
 */
export function fieldAbove(context: ILoadOptionsFunctions, name: keyof typeof LABELS): string {
	const given: unknown = context.getCurrentNodeParameter(name);
	const value =
		given !== null && typeof given === 'object' && 'value' in given ? given.value : given;
	const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	const label = LABELS[name];
	if (text === '') {
		throw new NodeOperationError(context.getNode(), `Fill in '${label}' first`, {
			description: `This list depends on '${label}', which is empty. You can also choose 'By ID' here and enter the ID`,
		});
	}
	if (text.startsWith('=')) {
		throw new NodeOperationError(context.getNode(), `'${label}' holds an expression`, {
			description: `Its value is not known before the workflow runs, so there is no list for it. Choose 'By ID' here and enter the ID or an expression`,
		});
	}
	return text;
}
