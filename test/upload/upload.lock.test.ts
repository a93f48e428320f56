import { lockAudience } from '../../nodes/AlibabaCloudChatApp/upload/upload';

async function withAudienceLock<T>(
	audience: string,
	signal: AbortSignal | undefined,
	work: () => Promise<T>,
): Promise<T> {
	const release = await lockAudience(audience, signal);
	try {
		return await work();
	} finally {
		release();
	}
}

function gate() {
	let open = () => {};
	const opened = new Promise<void>((resolve) => (open = resolve));
	return { opened, open };
}

test('sends the uploads of an audience one after the other, in order', async () => {
	const log: string[] = [];
	const first = gate();
	const work = (name: string, wait?: Promise<void>) => async () => {
		log.push(`${name} begins`);
		await wait;
		log.push(`${name} ends`);
	};
	const all = [
		withAudienceLock('a', undefined, work('1', first.opened)),
		withAudienceLock('a', undefined, work('2')),
		withAudienceLock('a', undefined, work('3')),
		withAudienceLock('b', undefined, work('other')),
	];
	await all[3];
	first.open();
	await Promise.all(all);
	expect(log).toEqual([
		'1 begins',
		'other begins',
		'other ends',
		'1 ends',
		'2 begins',
		'2 ends',
		'3 begins',
		'3 ends',
	]);
});

test('an upload that arrives while the second of two is sent waits for it', async () => {
	const first = await lockAudience('a', undefined);
	const waiting = lockAudience('a', undefined);
	first();
	const second = await waiting;
	let isThirdSent = false;
	const third = lockAudience('a', undefined).then((release) => {
		isThirdSent = true;
		return release;
	});
	await new Promise(setImmediate);
	expect(isThirdSent).toBe(false);
	second();
	(await third)();
});

test('an upload that fails or is canceled while it waits never blocks the next', async () => {
	const first = gate();
	const controller = new AbortController();
	const failing = withAudienceLock('a', undefined, async () => {
		await first.opened;
		throw new Error('failed');
	});
	const work = jest.fn(async () => {});
	const canceled = withAudienceLock('a', controller.signal, work);
	const next = withAudienceLock('a', undefined, async () => 'went on');
	controller.abort(new Error('stopped'));
	// At once, though its turn has not come.
	await expect(canceled).rejects.toThrow('stopped');
	first.open();
	await expect(failing).rejects.toThrow('failed');
	await expect(next).resolves.toBe('went on');
	expect(work).not.toHaveBeenCalled();
});

test("an upload that was canceled before doesn't begin", async () => {
	const work = jest.fn(async () => {});
	await expect(
		withAudienceLock('a', AbortSignal.abort(new Error('stopped')), work),
	).rejects.toThrow('stopped');
	await expect(withAudienceLock('a', undefined, async () => 'went on')).resolves.toBe('went on');
	expect(work).not.toHaveBeenCalled();
});
