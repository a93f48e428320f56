import { FileSource } from '../../../nodes/AlibabaCloudChatApp/sources/file/fileSource';
import { TABLE_OPTIONS, TestFile, rowsIn } from './files';

interface List {
	/** Column names in the list's language, the third of a phone. */
	names: string;
	rows: string[];
}

const LISTS: Record<string, List> = {
	German: {
		names: 'Vorname;Nachname;Telefon geschäftlich;Straße;Land',
		rows: ['Heike;Schröder;+49 151 1;Große Gasse;Österreich', 'Günther;Voß;+49 151 2;Köln;Schweiz'],
	},
	French: {
		names: 'Prénom;Nom;Téléphone;Société;Pays',
		rows: ['Sébastien;Lévêque;+33 6 1;Saint-Étienne;Réunion', 'Gaëlle;Garçon;+33 6 2;Nîmes;Suisse'],
	},
	Spanish: {
		names: 'Nombre;Apellidos;Teléfono móvil;Dirección;País',
		rows: ['Ramón;Ordóñez;+34 612 1;León;España', 'Lucía;Ibáñez;+52 55 2;Cuauhtémoc;México'],
	},
	Portuguese: {
		names: 'Nome;Sobrenome;Número de telefone;Município;País',
		rows: ['Inês;Brandão;+351 912 1;Évora;Portugal', 'Sérgio;Simões;+55 21 2;Goiânia;Brasil'],
	},
	Danish: {
		names: 'Fornavn;Efternavn;Telefonnummer på arbejdet;By;Land',
		rows: ['Lærke;Nørgaard;+45 20 1;Næstved;Danmark', 'Åse;Bøgh;+45 20 2;Ålborg;Grønland'],
	},
	Polish: {
		names: 'Imię;Nazwisko;Numer telefonu komórkowego;Miejscowość;Państwo',
		rows: [
			'Stanisław;Król;+48 501 1;Białystok;Polska',
			'Małgorzata;Wiśniewska;+48 502 2;Łódź;Polska',
		],
	},
	Czech: {
		names: 'Jméno;Příjmení;Telefonní číslo;Město;Země',
		rows: ['Ondřej;Šťastný;+420 601 1;Děčín;Česko', 'Žofie;Veselá;+420 602 2;Třebíč;Slovensko'],
	},
	Russian: {
		names: 'Имя;Фамилия;Номер телефона;Город;Страна',
		rows: ['Дмитрий;Соколов;+7 912 1;Новосибирск;Россия', 'Юлия;Яковлева;+7 913 2;Тюмень;Беларусь'],
	},
	Ukrainian: {
		names: "Ім'я;Прізвище;Номер телефону;Місто;Країна",
		rows: ['Тарас;Гриценко;+380 50 1;Київ;Україна', 'Євген;Лисенко;+380 67 2;Рівне;Україна'],
	},
	Serbian: {
		names: 'Име;Презиме;Број телефона;Град;Држава',
		rows: ['Јелена;Ђокић;+381 64 1;Суботица;Србија', 'Душан;Његош;+381 63 2;Ниш;Србија'],
	},
	Greek: {
		names: 'Όνομα;Επώνυμο;Τηλέφωνο;Πόλη;Χώρα',
		rows: ['Δημήτρης;Αντωνίου;+30 691 1;Λάρισα;Ελλάδα', 'Άννα;Γεωργίου;+30 691 2;Ρόδος;Κύπρος'],
	},
	Hebrew: {
		names: 'שם פרטי;שם משפחה;מספר טלפון;עיר;מדינה',
		rows: ['משה;פרץ;+972 50 1;תל אביב;ישראל', 'תמר;ביטון;+972 50 2;ירושלים;ישראל'],
	},
	Arabic: {
		names: 'الاسم;اسم العائلة;رقم الهاتف;المدينة;الدولة',
		rows: ['أحمد;محمود;+20 10 1;القاهرة;مصر', 'سارة;إبراهيم;+966 50 2;الرياض;السعودية'],
	},
	Turkish: {
		names: 'Adı;Soyadı;Telefon numarası;Şehir;Ülke',
		rows: ['Özlem;Kılıç;+90 532 1;İzmir;Türkiye', 'Şebnem;Doğan;+90 533 2;Diyarbakır;Türkiye'],
	},
	Lithuanian: {
		names: 'Vardas;Pavardė;Telefono numeris;Miestas;Šalis',
		rows: [
			'Giedrė;Šimkūnaitė;+370 612 1;Mažeikiai;Lietuva',
			'Šarūnas;Jučas;+370 612 2;Biržai;Lietuva',
		],
	},
	Thai: {
		names: 'ชื่อ;นามสกุล;เบอร์โทรศัพท์;จังหวัด;ประเทศ',
		rows: ['ประเสริฐ;วงศ์ใหญ่;+66 81 1;กรุงเทพ;ไทย', 'อรุณี;แสงทอง;+66 81 2;ชลบุรี;ไทย'],
	},
};
const ENGLISH = 'First Name;Last Name;Phone;City;Country';

const WESTERN = ['German', 'French', 'Spanish', 'Portuguese', 'Danish'];
const WRITTEN_IN: Record<string, string[]> = {
	'windows-1252': WESTERN,
	'iso-8859-15': WESTERN,
	macintosh: WESTERN,
	'windows-1250': ['Polish', 'Czech', 'German'],
	'iso-8859-2': ['Polish', 'Czech', 'German'],
	'windows-1251': ['Russian', 'Ukrainian', 'Serbian'],
	'iso-8859-5': ['Russian', 'Serbian'],
	'x-mac-cyrillic': ['Russian', 'Ukrainian', 'Serbian'],
	'koi8-r': ['Russian'],
	'koi8-u': ['Ukrainian'],
	ibm866: ['Russian'],
	'windows-1253': ['Greek'],
	'iso-8859-7': ['Greek'],
	'windows-1255': ['Hebrew'],
	'windows-1256': ['Arabic'],
	'iso-8859-6': ['Arabic'],
	'windows-1254': ['Turkish'],
	'windows-1257': ['Lithuanian'],
	'windows-874': ['Thai'],
};

/** The bytes of a text in an encoding that has one for each character. */
function encoded(text: string, encoding: string): Buffer {
	const bytes = Array.from({ length: 256 }, (_, byte) => byte);
	const decoder = new TextDecoder(encoding);
	const codes = new Map(bytes.map((byte) => [decoder.decode(Uint8Array.of(byte)), byte]));
	// Node's own decoder is Latin-1's in several versions.
	if (encoding === 'windows-1252') codes.set('’', 0x92).set('€', 0x80);
	return Buffer.from(Array.from(text, (sign) => codes.get(sign) ?? Number.NaN));
}

const CASES = Object.entries(WRITTEN_IN).flatMap(([encoding, languages]) =>
	languages.map((language) => [language, encoding] as const),
);

describe('two contacts are enough to detect', () => {
	it.each(CASES)('%s in %s', async (language, encoding) => {
		const { names, rows } = LISTS[language] as List;
		for (const header of [names, ENGLISH]) {
			const bytes = encoded([header, ...rows].join('\r\n'), encoding);
			const read = await rowsIn(new TestFile(bytes));
			const cells = [read.header, ...read.rows].map((row) => row?.join(';'));
			expect(cells).toEqual([header, ...rows]);
		}
	});
});

describe('one name is enough to detect', () => {
	it.each([
		['macintosh', 'José'],
		['macintosh', 'Märta Häggström'],
		['windows-1250', 'Dvořák'],
		['windows-1251', 'Анна'],
		['koi8-r', 'Москва'],
		['iso-8859-5', 'Анна'],
		['ibm866', 'ДМИТРИЙ СОКОЛОВ'],
		['windows-1253', 'Αθήνα'],
	])('in %s: %s', async (encoding, name) => {
		const bytes = encoded(`Name,Email\n${name},a@example.com`, encoding);
		expect((await rowsIn(bytes)).rows).toEqual([[name, 'a@example.com']]);
	});
});

describe('a few characters in an English list are Western:', () => {
	it.each([
		'O’Brien',
		'it’s',
		'€ 50',
		'José',
		'Müller',
		'Søren',
		'FRANÇOIS',
		'½ Café',
		'x – y',
		'20°',
		'nº 1',
	])('%s', async (sign) => {
		const codes: Record<string, number> = { '’': 0x92, '€': 0x80, '–': 0x96 };
		const row = Array.from(`${sign},a@example.com`, (each) => codes[each] ?? each.charCodeAt(0));
		const bytes = Buffer.concat([Buffer.from('Name,Email\n'), Buffer.from(row)]);
		expect((await rowsIn(bytes)).rows).toEqual([[sign, 'a@example.com']]);
	});
});

it('only the beginning of a long list with letters beyond ASCII is searched', async () => {
	const row = (at: number) => `Имя${at % 97}а;+7 912 ${at};Город`;
	const text = ['Имя;Телефон;Город', ...Array.from({ length: 5000 }, (_, at) => row(at))].join(
		'\n',
	);
	const decode = jest.spyOn(TextDecoder.prototype, 'decode');
	const { header } = await rowsIn(encoded(text, 'windows-1251'));
	const looked = decode.mock.calls.map(([bytes]) => (bytes as Uint8Array | undefined)?.length ?? 0);
	decode.mockRestore();
	expect(header).toEqual(['Имя', 'Телефон', 'Город']);
	// Only the chosen encoding and the check for UTF-8 read a piece as a whole.
	expect(looked.filter((length) => length > 8192).length).toBeLessThanOrEqual(4);
});

it('n8n can do other work between the encodings that are tried', async () => {
	const file = new TestFile(encoded('Имя;Телефон;Город\nАнна;+7 912 1;Тула', 'windows-1251'));
	const decode = jest.spyOn(TextDecoder.prototype, 'decode');
	let most = 0;
	const chunks = new FileSource(file, { ...TABLE_OPTIONS, item: 0 }).rows();
	while (!(await chunks.next()).done) {
		most = Math.max(most, decode.mock.calls.length);
		decode.mockClear();
	}
	decode.mockRestore();
	expect(most).toBeLessThanOrEqual(2);
});
