import { crc32, deflateRawSync } from 'node:zlib';

/** A file in an archive, and what its headers say about it, if that isn't true. */
export interface Part {
	name: string;
	content: string | Uint8Array;
	stored?: boolean;
	method?: number;
	flags?: number;
	crc?: number;
	unpacked?: number;
	packed?: number;
	/** Whether its sizes are in a 64-bit extra field. */
	zip64?: boolean;
}

/** A ZIP archive of these files. */
export function zipOf(parts: Part[], comment = ''): Buffer {
	const files: Buffer[] = [];
	const directory: Buffer[] = [];
	let start = 0;
	for (const part of parts) {
		const content = Buffer.from(part.content as Uint8Array);
		const data = part.stored ? content : deflateRawSync(content);
		const name = Buffer.from(part.name);
		const unpacked = part.unpacked ?? content.length;
		const packed = part.packed ?? data.length;
		const extra = part.zip64 ? sizes64(unpacked, packed) : Buffer.alloc(0);
		const fields = Buffer.alloc(26);
		fields.writeUInt16LE(20, 0);
		fields.writeUInt16LE(part.flags ?? 0x800, 2);
		fields.writeUInt16LE(part.method ?? (part.stored ? 0 : 8), 4);
		fields.writeUInt32LE(part.crc ?? crc32(content), 10);
		fields.writeUInt32LE(part.zip64 ? 0xffffffff : packed, 14);
		fields.writeUInt32LE(part.zip64 ? 0xffffffff : unpacked, 18);
		fields.writeUInt16LE(name.length, 22);
		fields.writeUInt16LE(extra.length, 24);
		const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, name, extra, data]);
		const place = Buffer.alloc(14);
		place.writeUInt32LE(start, 10);
		directory.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), fields, place, name, extra);
		files.push(local);
		start += local.length;
	}
	const listed = Buffer.concat(directory);
	const end = Buffer.alloc(18);
	end.writeUInt16LE(parts.length, 4);
	end.writeUInt16LE(parts.length, 6);
	end.writeUInt32LE(listed.length, 8);
	end.writeUInt32LE(start, 12);
	end.writeUInt16LE(comment.length, 16);
	return Buffer.concat([...files, listed, Buffer.from('PK\x05\x06'), end, Buffer.from(comment)]);
}

function sizes64(unpacked: number, packed: number): Buffer {
	const extra = Buffer.alloc(20);
	extra.writeUInt16LE(1, 0);
	extra.writeUInt16LE(16, 2);
	extra.writeBigUInt64LE(BigInt(unpacked), 4);
	extra.writeBigUInt64LE(BigInt(packed), 12);
	// Programs also write when the file was changed.
	const changed = Buffer.from([0x55, 0x54, 5, 0, 1, 0, 0, 0, 0]);
	return Buffer.concat([changed, extra]);
}

export interface WorkbookXml {
	/** The XML within `sheetData`, by the sheet's name. */
	sheets: Record<string, string>;
	/** The XML within `sst`. */
	strings?: string;
	/** The XML within `styleSheet`. */
	styles?: string;
	/** Attributes of `workbookPr`. */
	properties?: string;
	/** Replaces or, with `undefined`, removes parts. */
	parts?: Record<string, string | Uint8Array | undefined>;
	/** What is before each element's name, such as `x:`. */
	prefix?: string;
	/** The order of the parts in the archive; others come first. */
	last?: string[];
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** An Excel workbook whose sheets are given as XML. */
export function workbookOf(given: WorkbookXml): Buffer {
	const parts = { ...partsOf(given), ...given.parts };
	const last = given.last ?? [];
	const order = (name: string) => last.indexOf(name);
	return zipOf(
		Object.entries(parts)
			.filter((entry): entry is [string, string | Uint8Array] => entry[1] !== undefined)
			.sort(([one], [other]) => order(one) - order(other))
			.map(([name, content]) => ({ name, content })),
	);
}

function partsOf({ sheets, strings, styles, properties = '', prefix = '' }: WorkbookXml) {
	const names = Object.keys(sheets);
	const xmlns = `xmlns${prefix ? ':x' : ''}="${MAIN}" xmlns:r="${OFFICE}"`;
	const element = (name: string, content: string) =>
		`${HEAD}<${prefix}${name} ${xmlns}>${content}</${prefix}${name}>`;
	const listed = names.map(
		(name, at) => `<${prefix}sheet name="${name}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`,
	);
	const relations = names.map((_, at) =>
		relation(`rId${at + 1}`, 'worksheet', `worksheets/sheet${at + 1}.xml`),
	);
	if (strings !== undefined) relations.push(relation('rIdS', 'sharedStrings', 'sharedStrings.xml'));
	if (styles !== undefined) relations.push(relation('rIdF', 'styles', 'styles.xml'));
	const parts: Record<string, string> = {
		'[Content_Types].xml': contentTypes(names.length, { sharedStrings: strings, styles }),
		'_rels/.rels': relationships([relation('rId1', 'officeDocument', 'xl/workbook.xml')]),
		'xl/workbook.xml': element(
			'workbook',
			`<${prefix}workbookPr ${properties}/><${prefix}sheets>${listed.join('')}</${prefix}sheets>`,
		),
		'xl/_rels/workbook.xml.rels': relationships(relations),
	};
	for (const [at, name] of names.entries()) {
		const rows = `<${prefix}sheetData>${sheets[name]}</${prefix}sheetData>`;
		parts[`xl/worksheets/sheet${at + 1}.xml`] = element('worksheet', rows);
	}
	if (strings !== undefined) parts['xl/sharedStrings.xml'] = element('sst', strings);
	if (styles !== undefined) parts['xl/styles.xml'] = element('styleSheet', styles);
	return parts;
}

function contentTypes(sheets: number, others: Record<string, string | undefined>): string {
	const type = (name: string) =>
		`application/vnd.openxmlformats-officedocument.spreadsheetml.${name}+xml`;
	const part = (path: string, name: string) =>
		`<Override PartName="/xl/${path}.xml" ContentType="${type(name)}"/>`;
	const numbers = Array.from({ length: sheets }, (_, at) => at + 1);
	return `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${[
		'<Default Extension="xml" ContentType="application/xml"/>',
		part('workbook', 'sheet.main'),
		...numbers.map((number) => part(`worksheets/sheet${number}`, 'worksheet')),
		...Object.keys(others)
			.filter((name) => others[name] !== undefined)
			.map((name) => part(name, name)),
	].join('')}</Types>`;
}

export function relationships(all: string[]): string {
	return `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all.join('')}</Relationships>`;
}

export function relation(id: string, type: string, target: string, more = ''): string {
	return `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}" ${more}/>`;
}

/** A row of cells with texts in them. */
export function textRow(number: number, texts: string[]): string {
	const cells = texts.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`);
	return `<row r="${number}">${cells.join('')}</row>`;
}
