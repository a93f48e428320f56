import { NodeOperationError, type ILoadOptionsFunctions } from 'n8n-workflow';
import { ID_LABELS, locatorValue, readId, type IdName } from '../ids/readId';

/**
 * The ID in a field that a list depends on.
 * @throws NodeOperationError that says what to do when it is empty, no ID, or known only when the workflow runs
 */
export function fieldAbove(context: ILoadOptionsFunctions, name: IdName): string {
	const given: unknown = context.getCurrentNodeParameter(name);
	const label = ID_LABELS[name];
	const value = locatorValue(given);
	if (typeof value === 'string' && value.startsWith('=')) {
		throw new NodeOperationError(context.getNode(), `'${label}' holds an expression`, {
			description: `Its value is not known before the workflow runs, so there is no list for it. Choose 'By ID' here and enter the ID or an expression`,
		});
	}
	const id = readId(name, given);
	if (typeof id !== 'string') {
		throw new NodeOperationError(context.getNode(), id.what, { description: id.fix });
	}
	if (id === '') {
		throw new NodeOperationError(context.getNode(), `Fill in '${label}' first`, {
			description: `This list depends on '${label}', which is empty. You can also choose 'By ID' here and enter the ID`,
		});
	}
	return id;
}
