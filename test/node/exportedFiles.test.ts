import { runNode } from '../engine/runNode';
import { stillClock } from '../engine/stillClock';
import { useSimulator } from '../simulator/useSimulator';
import { relation, relationships, textRow, workbookOf, zipOf } from '../sources/file/archives';

const simulator = useSimulator();

interface User {
	Email?: string;
	Phone?: string;
}

interface Expected {
	users?: User[];
	/** Counts by reason. */
	invalid?: Record<string, number>;
	sheet?: string;
	warning?: RegExp;
	/** The code of the error that the run ends with. */
	error?: string;
	set?: Record<string, unknown>;
}

type Case = [what: string, content: string | Uint8Array, expected: Expected];

const latin = (text: string) => Buffer.from(text, 'latin1');
const csv = (...lines: string[]) => lines.join('\r\n') + '\r\n';

async function check(content: string | Uint8Array, expected: Expected) {
	const { users = [], invalid = {}, sheet, warning, error, set } = expected;
	const files = [{ name: 'list', content }];
	const result = await runNode({ simulator, files, set, clock: stillClock() });
	expect(result.error?.code).toBe(error);
	expect(result.calls.flatMap((call) => call.users)).toEqual(users);
	if (error !== undefined) return;
	expect(result.output[0]?.invalidReasons ?? {}).toEqual(invalid);
	expect(result.output[0]?.sheet).toBe(sheet);
	if (warning) expect(String(result.output[0]?.warnings)).toMatch(warning);
}

describe('a CSV file is read as programs export it:', () => {
	it.each<Case>([
		[
			'by a German Excel, with decimal commas',
			latin(
				csv(
					'Kundennr.;Vorname;Nachname;E-Mail;Mobil;Umsatz;Letzte Bestellung;Land',
					'00012;Jörg;Müller;jm@example.com;0151 12345678;1.234,56;31.01.2026;Deutschland',
					'00013;Käthe;Weiß;;0664/1234567;99,00;28.02.2026;Österreich',
				),
			),
			{ users: [{ Email: 'jm@example.com', Phone: '4915112345678' }, { Phone: '436641234567' }] },
		],
		[
			'by a French Excel',
			latin(
				csv(
					'Société;Prénom;Nom;Adresse e-mail;Tél. portable;CA (EUR);Pays',
					'Épicerie;André;Lefèvre;andre@example.fr;06 12 34 56 78;1 234,50;France',
					';Zoé;Côté;zoe@example.fr;06.98.76.54.32;0,00;France',
				),
			),
			{
				users: [
					{ Email: 'andre@example.fr', Phone: '33612345678' },
					{ Email: 'zoe@example.fr', Phone: '33698765432' },
				],
			},
		],
		[
			'by Outlook, with its many columns',
			csv(
				'"Title","First Name","Middle Name","Last Name","Company","Business Country/Region","Home Country/Region","Assistant\'s Phone","Business Fax","Business Phone","Home Phone","Mobile Phone","E-mail Address","E-mail Type","E-mail Display Name","E-mail 2 Address","Manager\'s Name","Web Page"',
				`"","Ann","","A","Acme","United States of America","","+1 212-555-0199","+1 212-555-0198","+1 212-555-0101","","+1 917-555-0102","ann@example.com","SMTP","Ann A (ann@example.com)","","",""`,
				`"","Bob","","B","","United Kingdom","","","","020 7946 0958","","","bob@example.co.uk","SMTP","Bob","","",""`,
			),
			{
				users: [
					{ Email: 'ann@example.com', Phone: '19175550102' },
					{ Email: 'bob@example.co.uk', Phone: '442079460958' },
				],
			},
		],
		[
			'by Google Contacts, with several values in a cell',
			csv(
				'First Name,Middle Name,Last Name,Phonetic First Name,Nickname,Organization Name,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Address 1 - Country',
				'Ann,,A,,,Acme,,* myContacts,* Home,ann@example.com ::: ann@example.org,,,Mobile,+49 151 12345678 ::: +49 30 23125000,,,Germany',
				'Bob,,B,,,,,* myContacts,,,Work,bob@example.com,Work Fax,+49 30 23125001,Mobile,0151 12345679,DE',
			),
			{
				users: [
					{ Email: 'ann@example.com', Phone: '4915112345678' },
					{ Email: 'bob@example.com', Phone: '4915112345679' },
				],
			},
		],
		[
			'by HubSpot',
			csv(
				'Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status,Marketing contact status,Unsubscribed from all email,Create Date,Associated Company',
				'151,Ann,A,ann@example.com,+1 (415) 555-0132,Sally Seller (sally@example.net),New,Marketing contact,,2026-01-31 10:00,Acme',
				'152,Bob,B,bob@example.com,,Sally Seller (sally@example.net),Open,Non-marketing contact,true,2026-01-31 10:00,',
			),
			{
				users: [{ Email: 'ann@example.com', Phone: '14155550132' }],
				invalid: { opted_out: 1 },
			},
		],
		[
			'by Salesforce',
			csv(
				'"Lead ID","First Name","Last Name","Company","Email","Phone","Mobile","Country","Email Opt Out","Do Not Call","Lead Owner","Owner Email"',
				'"00Q5g00000AbCdE","Ann","A","Acme","ann@example.com","(020) 7946 0958","07700 900123","United Kingdom","0","0","Sally","sally@example.net"',
				'"00Q5g00000AbCdF","Bob","B","Acme","bob@example.com","","07700 900124","United Kingdom","1","0","Sally","sally@example.net"',
			),
			{
				users: [{ Email: 'ann@example.com', Phone: '447700900123' }],
				invalid: { opted_out: 1 },
			},
		],
		[
			'by Shopify, with apostrophes before the numbers',
			csv(
				'Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Address1,Default Address City,Default Address Country Code,Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags',
				"'6501,Ann,A,ann@example.com,yes,,,Berlin,DE,'10115,'+49 151 12345678,'+4915112345678,no,12.50,1,,no,",
				"'6502,Bob,B,bob@example.com,no,,,Berlin,DE,'10115,'030 23125000,,no,0.00,0,,no,",
				"'6503,Cy,C,cy@example.com,yes,,,Berlin,DE,'10115,'030 23125001,,no,0.00,0,,no,",
			),
			{
				users: [
					{ Email: 'ann@example.com', Phone: '4915112345678' },
					{ Email: 'cy@example.com', Phone: '493023125001' },
				],
				invalid: { opted_out: 1 },
			},
		],
		[
			"by Meta's lead forms, in UTF-16 with tabs",
			Buffer.from(
				'\ufeff' +
					[
						'id\tcreated_time\tad_id\tad_name\tform_id\tform_name\tis_organic\tplatform\temail\tfull_name\tphone_number\tcountry\tlead_status',
						'l:101\t2026-01-31T10:00:00+01:00\tag:1\tSpring\tf:1\tForm\tfalse\tfb\tann@example.com\tAnn A\tp:+4915112345678\tDE\tcomplete',
						'l:102\t2026-01-31T10:00:00+01:00\tag:1\tSpring\tf:1\tForm\tfalse\tig\t<test lead: dummy data for email>\t<test lead: dummy data for full_name>\t<test lead: dummy data for phone_number>\t\tcomplete',
					].join('\n'),
				'utf16le',
			),
			{
				users: [{ Email: 'ann@example.com', Phone: '4915112345678' }],
				invalid: { email_invalid: 1 },
			},
		],
		[
			"by LinkedIn's lead forms",
			csv(
				'Lead ID,Lead type,Form ID,Form name,Campaign ID,Submitted at,First name,Last name,Email address,Work email,Phone number,Job title,Company name,Country/Region',
				'urn:li:lead:1,SPONSORED,123,Form,456789012,2026-01-31 10:00,Ann,A,ann@example.com,,+65 9123 4567,CEO,Acme,Singapore',
				'urn:li:lead:2,SPONSORED,123,Form,456789012,2026-01-31 10:00,Bob,B,,bob@example.sg,9123 4568,CFO,Acme,Singapore',
			),
			{
				users: [
					{ Email: 'ann@example.com', Phone: '6591234567' },
					{ Email: 'bob@example.sg', Phone: '6591234568' },
				],
			},
		],
		[
			"as Excel's Unicode text",
			Buffer.from(
				'\ufeff' +
					csv(
						'Name\tE-Mail\tHandy',
						'"Jörg ""J"" Müller"\tjm@example.com\t+49 151 12345678',
						'王\tw@example.com\t+86 138 0013 8000',
					),
				'utf16le',
			),
			{
				users: [
					{ Email: 'jm@example.com', Phone: '4915112345678' },
					{ Email: 'w@example.com', Phone: '8613800138000' },
				],
			},
		],
		[
			'with a line for Excel that names the delimiter',
			'\ufeff' +
				csv('sep=;', '"Name";"Email";"Phone"', '"A, Ann";"ann@example.com";"+1 212-555-0101"'),
			{ users: [{ Email: 'ann@example.com', Phone: '12125550101' }] },
		],
		[
			'with a byte order mark and quotation marks throughout',
			'\ufeff' +
				csv(
					'"Email","Mobile Number"',
					'"ann@example.com","+1 212-555-0101"',
					'"b""o@example.com",""',
				),
			{
				users: [{ Email: 'ann@example.com', Phone: '12125550101' }],
				invalid: { email_invalid: 1 },
			},
		],
		[
			'by WooCommerce',
			csv(
				'order_id,order_number,order_date,status,billing_first_name,billing_last_name,billing_email,billing_phone,billing_country,shipping_phone,customer_note',
				'1001,1001,2026-01-31,completed,Ann,A,ann@example.com,0412 345 678,AU,,',
				'1002,1002,2026-01-31,completed,Ann,A,ann@example.com,0412 345 678,AU,0412 345 679,gift',
			),
			{ users: [{ Email: 'ann@example.com', Phone: '61412345678' }] },
		],
		[
			'by Klaviyo',
			csv(
				'Email,Klaviyo ID,First Name,Last Name,Phone Number,Country,Email Marketing Consent,SMS Marketing Consent,Profile Created On',
				'ann@example.com,01AB,Ann,A,+16505550112,United States,SUBSCRIBED,NEVER_SUBSCRIBED,2026-01-31',
				'bob@example.com,01AC,Bob,B,,United States,UNSUBSCRIBED,NEVER_SUBSCRIBED,2026-01-31',
				'cy@example.com,01AD,Cy,C,,United States,NEVER_SUBSCRIBED,NEVER_SUBSCRIBED,2026-01-31',
			),
			{
				users: [{ Email: 'ann@example.com', Phone: '16505550112' }, { Email: 'cy@example.com' }],
				invalid: { opted_out: 1 },
			},
		],
		[
			'by Zoho CRM',
			csv(
				'Record Id,Contact Owner.id,Contact Owner,First Name,Last Name,Account Name,Email,Phone,Mobile,Secondary Email,Email Opt Out,Mailing Country',
				'zcrm_5001,zcrm_1,Sally,Ann,A,Acme,ann@example.in,,98765 43210,,false,India',
				'zcrm_5002,zcrm_1,Sally,Bob,B,Acme,bob@example.in,,98765 43211,,true,India',
			),
			{
				users: [{ Email: 'ann@example.in', Phone: '919876543210' }],
				invalid: { opted_out: 1 },
			},
		],
		[
			'by Pipedrive',
			csv(
				'Person - Name,Person - Organization,Person - Email - Work,Person - Email - Home,Person - Phone - Work,Person - Phone - Mobile,Person - Owner',
				'Ann A,Acme,ann@example.com,,+1 212-555-0101,+1 917-555-0102,Sally',
				'Bob B,,,bob@example.com,,,Sally',
			),
			{
				users: [{ Email: 'ann@example.com', Phone: '19175550102' }, { Email: 'bob@example.com' }],
			},
		],
		[
			'by Zoom, below its report',
			csv(
				'Registration Report',
				'Report Generated:,31/01/2026 10:00',
				'Topic,Webinar ID,Scheduled Time,Duration (minutes),# Registered,# Cancelled',
				'"Spring offers",812 3456 7890,31/01/2026 09:00,60,2,0',
				'',
				'Registration Details',
				'First Name,Last Name,Email,Phone,Registration Time,Approval Status',
				'"Ann","A",ann@example.com,+1 212-555-0101,"31/01/2026 08:00",approved',
				'"Bob","B",bob@example.com,,"31/01/2026 08:30",approved',
			),
			{
				users: [{ Email: 'ann@example.com', Phone: '12125550101' }, { Email: 'bob@example.com' }],
				warning: /6 rows above the column names|5 rows above the column names/,
			},
		],
		[
			'by Typeform',
			csv(
				"#,What's your name?,What's the best email to reach you?,And your WhatsApp number?,Start Date (UTC),Submit Date (UTC),Network ID",
				"a1b2,Ann,ann@example.com,'+5521981234567,2026-01-31 10:00,2026-01-31 10:01,9f8e7d6c5b",
			),
			{ users: [{ Email: 'ann@example.com', Phone: '5521981234567' }] },
		],
		[
			'by Excel, with days in the wrong column',
			csv(
				'Name;E-Mail;Telefon;Land',
				'Ann;ann@example.com;31.01.1990;Deutschland',
				'Bob;;10.12.1990;Deutschland',
				'Cy;cy@example.com;1990-01-31;Deutschland',
			),
			{
				users: [{ Email: 'ann@example.com' }, { Email: 'cy@example.com' }],
				invalid: { phone_not_possible: 1 },
			},
		],
		[
			'after Excel has destroyed its phone numbers',
			csv('Name;E-Mail;Handy', 'Ann;ann@example.com;4,91512E+11', 'Bob;;4,91512E+11'),
			{
				users: [{ Email: 'ann@example.com' }],
				invalid: { phone_spreadsheet: 1 },
			},
		],
		[
			"with two addresses in a cell, of which one may be somebody else's",
			csv(
				'Name,Emails,Phones',
				'Ann,ann@example.com; ann@example.org,"+1 212-555-0101, +1 212-555-0102"',
			),
			{ invalid: { email_ambiguous: 1 } },
		],
		[
			'by Numbers, in an archive with a folder',
			zipOf([
				{ name: 'Contacts/', content: '' },
				{ name: 'Contacts/Sheet 1-Table 1.csv', content: csv('Name,Email', 'Ann,ann@example.com') },
				{ name: '__MACOSX/Contacts/._Sheet 1-Table 1.csv', content: 'x' },
			]),
			{ users: [{ Email: 'ann@example.com' }] },
		],
		[
			'by Mailchimp, when one of its three lists is chosen',
			zipOf(
				['subscribed', 'unsubscribed', 'cleaned'].map((name) => ({
					name: `${name}_email_audience_export_1a2b.csv`,
					content: csv(
						'Email Address,First Name,Last Name,Phone Number,MEMBER_RATING,OPTIN_TIME,CC',
						`${name}@example.com,Ann,A,(206) 555-0123,2,,US`,
					),
				})),
			),
			{
				users: [{ Email: 'subscribed@example.com', Phone: '12065550123' }],
				// CC is the country of the IP address.
				set: { defaultCountry: 'US', sheet: 'subscribed_email_audience_export_1a2b.csv' },
			},
		],
		[
			'by Mailchimp, not without a choice',
			zipOf(
				['subscribed', 'cleaned'].map((name) => ({
					name: `${name}.csv`,
					content: 'Email\nx@example.com',
				})),
			),
			{ error: 'file_several' },
		],
	])('%s', async (_, content, expected) => await check(content, expected));
});

const cell = (at: string, text: string) => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;
const number = (at: string, value: string, style = 0) =>
	`<c r="${at}" s="${style}"><v>${value}</v></c>`;
const row = (at: number, cells: string) => `<row r="${at}">${cells}</row>`;
const states = (...sheets: Array<[string, string]>) => ({
	'xl/workbook.xml': `<workbook xmlns:r="r"><sheets>${sheets
		.map(
			([name, state], at) =>
				`<sheet name="${name}" sheetId="${at + 1}" state="${state}" r:id="rId${at + 1}"/>`,
		)
		.join('')}</sheets></workbook>`,
});

const ANN = [{ Email: 'ann@example.com', Phone: '4915112345678' }];

describe('a workbook is read as people make it:', () => {
	it.each<Case>([
		[
			'with a hidden sheet of staff before the list',
			workbookOf({
				sheets: {
					Staff: textRow(1, ['Name', 'Email']) + textRow(2, ['Sally', 'sally@example.net']),
					Leads:
						textRow(1, ['Name', 'Email', 'Phone']) +
						textRow(2, ['Ann', 'ann@example.com', '+49 151 12345678']),
				},
				parts: states(['Staff', 'veryHidden'], ['Leads', 'visible']),
			}),
			{ users: ANN, sheet: 'Leads' },
		],
		[
			'below a title in merged cells, beside an empty column, with a filter',
			workbookOf({
				sheets: {
					Kunden:
						row(2, cell('B2', 'Kundenliste Frühjahr 2026')) +
						row(
							3,
							cell('B3', 'Stand: 31.01.2026') + cell('F3', 'Ansprechpartner: sally@example.net'),
						) +
						row(5, cell('B5', 'Name') + cell('C5', 'E-Mail-Adresse') + cell('D5', 'Mobilnummer')) +
						row(
							6,
							cell('B6', 'Ann') + cell('C6', 'ann@example.com') + cell('D6', '0049 151 12345678'),
						) +
						'</sheetData><autoFilter ref="B5:D6"/><mergeCells count="1"><mergeCell ref="B2:F2"/></mergeCells><sheetData>',
				},
			}),
			{ users: ANN, sheet: 'Kunden', warning: /2 rows above the column names were skipped/ },
		],
		[
			'with names in two rows',
			workbookOf({
				sheets: {
					Sheet1:
						row(1, cell('A1', 'Person') + cell('C1', 'Contact') + cell('E1', 'Address')) +
						row(
							2,
							cell('A2', 'First name') +
								cell('B2', 'Last name') +
								cell('C2', 'Email') +
								cell('D2', 'Mobile') +
								cell('E2', 'Country'),
						) +
						row(
							3,
							cell('A3', 'Ann') +
								cell('C3', 'ann@example.com') +
								cell('D3', '0151 12345678') +
								cell('E3', 'Germany'),
						),
				},
			}),
			{ users: ANN, sheet: 'Sheet1' },
		],
		[
			'with a second table next to the list',
			workbookOf({
				sheets: {
					Sheet1:
						row(
							1,
							cell('B1', 'Name') + cell('C1', 'Email') + cell('E1', 'Name') + cell('F1', 'Email'),
						) +
						row(2, cell('C2', 'ann@example.com') + cell('F2', 'bob@example.com')) +
						row(3, cell('F3', 'cy@example.com')),
				},
			}),
			{
				users: [{ Email: 'ann@example.com' }, { Email: 'cy@example.com' }],
				sheet: 'Sheet1',
				warning: /A second table begins in column E, next to the first one/,
			},
		],
		[
			'with titles above names that repeat, of which one is for somebody else',
			workbookOf({
				sheets: {
					Sheet1:
						row(1, cell('A1', 'Customer') + cell('D1', 'Account manager')) +
						textRow(2, ['Name', 'Email', 'Phone', 'Name', 'Email']) +
						textRow(3, ['Ann', 'ann@example.com', '+49 151 12345678', 'Sally', 's@example.net']) +
						row(4, cell('A4', 'Bob') + cell('D4', 'Sally') + cell('E4', 's@example.net')),
				},
			}),
			{ users: ANN, invalid: { no_email_or_phone: 1 }, sheet: 'Sheet1' },
		],
		[
			'with phone numbers as numbers, in formats',
			workbookOf({
				sheets: {
					Sheet1:
						textRow(1, ['email', 'phone']) +
						row(2, cell('A2', 'ann@example.com') + number('B2', '4.915112345678E+12')) +
						row(3, cell('A3', 'bob@example.com') + number('B3', '447700900123', 1)) +
						row(4, cell('A4', 'cy@example.com') + number('B4', '14155550132', 2)),
				},
				styles:
					'<numFmts><numFmt numFmtId="164" formatCode="&quot;+&quot;0"/><numFmt numFmtId="165" formatCode="0.00E+00"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>',
			}),
			{
				users: [
					{ Email: 'ann@example.com', Phone: '4915112345678' },
					{ Email: 'bob@example.com', Phone: '447700900123' },
					{ Email: 'cy@example.com', Phone: '14155550132' },
				],
				sheet: 'Sheet1',
			},
		],
		[
			'with formulas, dates, errors, and links',
			workbookOf({
				sheets: {
					Sheet1:
						textRow(1, ['Signed up', 'E-mail', 'Phone', 'Birthday', 'Full phone']) +
						row(
							2,
							number('A2', '46053.5', 1) +
								'<c r="B2" t="str"><f>HYPERLINK("mailto:ann@example.com","ann@example.com")</f><v>ann@example.com</v></c>' +
								'<c r="C2" t="str"><f>"+49"&amp;MID(E2,2,20)</f><v>+4915112345678</v></c>' +
								number('D2', '33000', 1),
						) +
						row(
							3,
							cell('B3', 'mailto:bob@example.com') +
								'<c r="C3" t="e"><f>VLOOKUP(1,A:B,2)</f><v>#N/A</v></c>',
						),
				},
				styles: '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>',
			}),
			{ users: [...ANN, { Email: 'bob@example.com' }], sheet: 'Sheet1' },
		],
		[
			'with rich, shared, and pronounced texts',
			workbookOf({
				sheets: {
					名簿:
						row(1, '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>') +
						row(2, '<c r="A2" t="s"><v>2</v></c><c r="B2" t="s"><v>3</v></c>'),
				},
				strings:
					'<si><t>氏名</t><rPh sb="0" eb="2"><t>シメイ</t></rPh></si><si><t>メールアドレス</t></si><si><t>山田</t><rPh sb="0" eb="2"><t>ヤマダ</t></rPh></si><si><r><rPr><u/></rPr><t>ann@</t></r><r><t xml:space="preserve">example.com </t></r></si>',
			}),
			{ users: [{ Email: 'ann@example.com' }], sheet: '名簿' },
		],
		[
			'in strict OOXML, with its namespaces',
			workbookOf({
				sheets: { S: textRow(1, ['Email']) + textRow(2, ['ann@example.com']) },
				parts: {
					'_rels/.rels': relationships([
						'<Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="xl/workbook.xml"/>',
					]),
					'xl/_rels/workbook.xml.rels': relationships([
						'<Relationship Id="rId1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="worksheets/sheet1.xml"/>',
					]),
					'xl/workbook.xml':
						'<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main" xmlns:r="http://purl.oclc.org/ooxml/officeDocument/relationships" conformance="strict"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
				},
			}),
			{ users: [{ Email: 'ann@example.com' }], sheet: 'S' },
		],
		[
			'by Google Sheets, with a thousand empty rows and the answers of a form',
			workbookOf({
				sheets: {
					'Form Responses 1':
						textRow(1, [
							'Timestamp',
							'Email Address',
							'Your WhatsApp number (with country code)',
							'How did you hear about us?',
						]) +
						row(
							2,
							number('A2', '46053.4166', 1) +
								cell('B2', 'ann@example.com') +
								number('C2', '4.915112345678E12'),
						) +
						Array.from(
							{ length: 1000 },
							(_, at) =>
								`<row r="${at + 3}"><c r="A${at + 3}" s="1"/><c r="B${at + 3}" s="1"/></row>`,
						).join(''),
				},
				styles: '<cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs>',
			}),
			{ users: ANN, sheet: 'Form Responses 1' },
		],
		[
			'with macros, or as a template',
			workbookOf({
				sheets: { S: textRow(1, ['Email']) + textRow(2, ['ann@example.com']) },
				parts: {
					'xl/vbaProject.bin': '\xd0\xcf\x11\xe0',
					'[Content_Types].xml':
						'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.template.macroEnabled.main+xml"/></Types>',
				},
			}),
			{ users: [{ Email: 'ann@example.com' }], sheet: 'S' },
		],
		[
			'with sums by channel before the list, and a birthday where a number should be',
			workbookOf({
				sheets: {
					Summary:
						textRow(1, ['Month', 'Email', 'Phone']) +
						row(2, number('B2', '12045') + number('C2', '230017')),
					Leads:
						textRow(1, ['Name', 'Email', 'Phone', 'Country']) +
						textRow(2, ['Ann', 'ann@example.com', '+49 151 12345678', 'DE']) +
						row(3, cell('B3', 'bob@example.com') + number('C3', '33000', 1) + cell('D3', 'DE')),
				},
				styles: '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>',
			}),
			{ users: [...ANN, { Email: 'bob@example.com' }], sheet: 'Leads' },
		],
		[
			'with a chart sheet, a sheet of totals, and a total below the list',
			workbookOf({
				sheets: {
					Chart: '',
					Summary:
						textRow(1, ['Month', 'Leads']) + row(2, cell('A2', 'January') + number('B2', '2')),
					Leads:
						textRow(1, ['Name', 'Email', 'Value']) +
						textRow(2, ['Ann', 'ann@example.com', '10']) +
						textRow(4, ['Total', '', '10']),
				},
				parts: {
					'xl/_rels/workbook.xml.rels': relationships([
						relation('rId1', 'chartsheet', 'chartsheets/sheet1.xml'),
						relation('rId2', 'worksheet', 'worksheets/sheet2.xml'),
						relation('rId3', 'worksheet', 'worksheets/sheet3.xml'),
					]),
				},
			}),
			{ users: [{ Email: 'ann@example.com' }], invalid: { no_email_or_phone: 1 }, sheet: 'Leads' },
		],
		[
			'with a password',
			Buffer.concat([
				Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
				Buffer.alloc(1016),
				Buffer.from('EncryptedPackage', 'utf16le'),
			]),
			{ error: 'file_encrypted' },
		],
		[
			'not in the binary format',
			zipOf([
				{ name: '[Content_Types].xml', content: '<Types/>' },
				{ name: '_rels/.rels', content: '<Relationships/>' },
				{ name: 'xl/workbook.bin', content: 'x' },
			]),
			{ error: 'file_workbook' },
		],
		[
			'not as a Numbers document',
			zipOf([
				{ name: 'Index/Document.iwa', content: 'x' },
				{ name: 'Metadata/Properties.plist', content: 'x' },
				{ name: 'preview.jpg', content: 'x' },
			]),
			{ error: 'file_workbook' },
		],
	])('%s', async (_, content, expected) => await check(content, expected));
});
