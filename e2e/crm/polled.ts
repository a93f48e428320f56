import assert from 'node:assert/strict';
import { COUNTRIES, PEOPLE, signedIn, soon, type System } from './system';

/** @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query.htm */
export function salesforce(): System {
	let isThere = false;
	const attributes = (Id: string) => ({
		type: 'Contact',
		url: `/services/data/v59.0/sobjects/Contact/${Id}`,
	});
	return {
		name: 'Salesforce',
		file: 'salesforce-to-audience.json',
		credentials: {
			salesforceOAuth2Api: signedIn({ instance_url: 'https://example.my.salesforce.com' }),
		},
		get choices() {
			return { 'Salesforce Trigger': { pollTimes: soon() } };
		},
		host: 'example.my.salesforce.com',
		respond({ path, query, headers }) {
			assert.equal(headers.authorization, 'Bearer access-token');
			const date = '2026-01-01T00:00:00.000+0000';
			if (path === '/services/data/v59.0/query') {
				assert.match(query.get('q') ?? '', /^SELECT id,firstname,lastname,email,.* FROM Contact /);
				const records = PEOPLE.map(({ first, last, email }, n) => ({
					attributes: attributes(`003A${n}`),
					Id: `003A${n}`,
					FirstName: first,
					LastName: last,
					Email: email,
					LastModifiedDate: date,
				}));
				const found = isThere ? records : [];
				return { totalSize: found.length, done: true, records: found };
			}
			const n = Number(/\/sobjects\/contact\/003A(\d)$/.exec(path)?.[1]);
			const person = PEOPLE[n];
			if (!person) return undefined;
			return {
				attributes: attributes(`003A${n}`),
				Id: `003A${n}`,
				IsDeleted: false,
				AccountId: null,
				FirstName: person.first,
				LastName: person.last,
				Name: `${person.first} ${person.last}`,
				MailingCountry: COUNTRIES[n],
				Phone: null,
				MobilePhone: person.phone,
				Fax: null,
				Email: person.email,
				OwnerId: '005A1',
				HasOptedOutOfEmail: n === 2,
				DoNotCall: false,
				CreatedDate: date,
			};
		},
		async happen() {
			isThere = true;
		},
		optedOut: { HasOptedOutOfEmail: 1 },
	};
}

/** @see https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets.values/get */
export function googleSheets(): System {
	const [document, sheet] = ['1AbCdEf', 'Contacts'];
	const values: unknown[][] = [
		['Name', 'Email', 'Phone', 'Country', 'Newsletter opt-in'],
		['Ana Lim', 'ana.lim@example.com', '', 'PH', 'yes'],
	];
	return {
		name: 'Google Sheets',
		file: 'google-sheets-to-audience.json',
		credentials: { googleSheetsTriggerOAuth2Api: signedIn() },
		get choices() {
			const documentId = { __rl: true, mode: 'id', value: document };
			const sheetName = { __rl: true, mode: 'list', value: 'gid=0', cachedResultName: sheet };
			return { 'Google Sheets Trigger': { documentId, sheetName, pollTimes: soon() } };
		},
		host: 'sheets.googleapis.com',
		respond({ path, headers }) {
			assert.equal(headers.authorization, 'Bearer access-token');
			if (path === `/v4/spreadsheets/${document}`)
				return { sheets: [{ properties: { sheetId: 0, title: sheet, index: 0 } }] };
			const range = path.split('/values/')[1];
			if (range === undefined) return undefined;
			const isHeader = /A1:[A-Z]+1$/.test(range);
			return { range, majorDimension: 'ROWS', values: isHeader ? values.slice(0, 1) : values };
		},
		async happen() {
			for (const [n, { first, last, email, phone }] of PEOPLE.entries())
				values.push([`${first} ${last}`, email, phone, COUNTRIES[n], n === 2 ? 'no' : 'yes']);
		},
		optedOut: { 'Newsletter opt-in': 1 },
	};
}
