import { COLUMNS, type Condition, type Step, type Where } from './table';

/**
 * Which table the steps are for: by its ID, or found or made by its name. Found or made, it answers too; so it does by
 * an ID that is remembered, to be compared with the one that bears the name now.
 */
export type TableRef = { id: string; named?: string } | { find: string } | { make: string };

/** What a Data Table node is told to find or make the table; nothing when its ID is known. */
export function tableParameters(table: TableRef): Record<string, unknown> | undefined {
	if ('id' in table && table.named === undefined) return undefined;
	if (!('make' in table)) {
		const name = 'find' in table ? table.find : table.named;
		const options = name ? { filterName: literal(name) } : {};
		return { resource: 'table', operation: 'list', returnAll: true, options };
	}
	const column = Object.entries(COLUMNS).map(([name, type]) => ({ name, type }));
	return {
		resource: 'table',
		operation: 'create',
		tableName: literal(table.make),
		columns: { column },
		options: { createIfNotExists: true },
	};
}

/** What a Data Table node is told for a step. */
export function parametersOf(step: Step): Record<string, unknown> {
	switch (step.do) {
		case 'insert':
			return {
				operation: 'insert',
				columns: { mappingMode: 'autoMapInputData', value: null },
				options: { optimizeBulk: true },
			};
		case 'get':
			return {
				operation: 'get',
				...filters(step.where),
				returnAll: false,
				limit: step.limit,
				orderBy: true,
				orderByColumn: step.latest ?? 'id',
				orderByDirection: step.latest ? 'DESC' : 'ASC',
			};
		case 'update':
			return {
				operation: 'update',
				...filters(step.where),
				columns: {
					mappingMode: 'defineBelow',
					value: Object.fromEntries(
						Object.entries(step.set).map(([column, value]) => [column, literal(value)]),
					),
				},
				options: {},
			};
		case 'delete':
			return { operation: 'deleteRows', ...filters(step.where), options: {} };
	}
}

function filters({ match, conditions }: Where): Record<string, unknown> {
	return {
		matchType: match === 'all' ? 'allConditions' : 'anyCondition',
		filters: { conditions: conditions.map(filter) },
	};
}

function filter({ column, is, value }: Condition): Record<string, unknown> {
	return {
		keyName: column,
		condition: is,
		...(value !== undefined && { keyValue: literal(value) }),
	};
}

/** The value as a parameter: n8n evaluates a text that begins with an equals sign, and an email may. */
export function literal<T>(value: T): T | string {
	return typeof value === 'string' && value.startsWith('=') ? `={{ ${quoted(value)} }}` : value;
}

/** The text as an expression that holds no sign that could end it. */
export function quoted(text: string): string {
	return `decodeURIComponent("${encodeURIComponent(text)}")`;
}
