import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import { AnswerTooLong, readText } from '../../nodes/AlibabaCloudChatApp/transport/http';

const MEGABYTE = 1024 * 1024;
const { signal } = new AbortController();

/** A stream that gives these bytes one by one. */
const byteByByte = (bytes: Buffer) => Readable.from([...bytes].map((byte) => Buffer.from([byte])));

test('a letter that is cut in two by the network is read as one', async () => {
	const text = '{"Name":"Zoë 🙂"}';
	await expect(readText(byteByByte(Buffer.from(text)), signal)).resolves.toBe(text);
});

test('an answer that ends in the middle of a letter shows that', async () => {
	const bytes = Buffer.from('Zoë').subarray(0, 3);
	await expect(readText(byteByByte(bytes), signal)).resolves.toBe('Zo\ufffd');
});

test.each([undefined, null, 'text', 5, {}, Buffer.from('text')])(
	'what is no stream counts as empty: %p',
	async (body) => {
		await expect(readText(body, signal)).resolves.toBe('');
	},
);

test('a megabyte is read, and of more nothing but that it is too long', async () => {
	const half = Buffer.alloc(MEGABYTE / 2, 'x');
	await expect(readText(Readable.from([half, half]), signal)).resolves.toHaveLength(MEGABYTE);
	const longer = Readable.from([half, half, Buffer.from('x'), half]);
	await expect(readText(longer, signal)).rejects.toBeInstanceOf(AnswerTooLong);
	expect(longer.destroyed).toBe(true);
});

test('an answer that is under way ends with its signal', async () => {
	const controller = new AbortController();
	const endless = new Readable({ read() {} });
	endless.push('{"Code":');
	const reading = expect(readText(endless, controller.signal)).rejects.toThrow();
	controller.abort();
	expect(endless.destroyed).toBe(true);
	await reading;
});

test('an answer that comes when nobody waits for it any more is not read', async () => {
	const endless = new Readable({ read() {} });
	const before = AbortSignal.abort(new Error('stopped'));
	await expect(readText(endless, before)).rejects.toThrow('stopped');
	expect(endless.destroyed).toBe(true);
});

async function* brokenOff() {
	yield Buffer.from('{"Code":');
	throw new Error('reset');
}

test('an answer that breaks off says so', async () => {
	await expect(readText(Readable.from(brokenOff()), signal)).rejects.toThrow('reset');
});

test.each([
	['was read', () => Readable.from([Buffer.from('x')])],
	['broke off', () => Readable.from(brokenOff())],
])('a signal is left alone by an answer that %s', async (_name, open) => {
	const controller = new AbortController();
	const reading = readText(open(), controller.signal);
	expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
	await reading.catch(() => {});
	expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
});
