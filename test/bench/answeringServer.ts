import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// A separate process: it reads each call to its end and accepts it unseen. Asked for
// `/checksum`, it tells that of all calls since it was asked last.
const ANSWER = JSON.stringify({
	RequestId: '90E63D28-E31D-1EB2-8939-A94866411B2O',
	Code: 'OK',
	Message: 'OK',
	Success: true,
});

let hash = createHash('sha256');

const server = createServer((request, response) => {
	if (request.url === '/checksum') {
		response.end(hash.digest('hex'));
		hash = createHash('sha256');
		return;
	}
	hash.update(request.url ?? '');
	request.on('data', (bytes: Buffer) => hash.update(bytes));
	request.once('end', () => {
		response.setHeader('content-type', 'application/json');
		response.end(ANSWER);
	});
});
server.listen(0, '127.0.0.1', () => {
	process.send?.((server.address() as AddressInfo).port);
});
process.once('disconnect', () => process.exit());
