import type { IncomingMessage, ServerResponse } from 'node:http';
import { html, json, newRequestId, rejected, Rejection, type ApiResponse } from './response';
import { deliver, readBody, type Delivery } from './delivery';
import { disturb, FaultPlan, isReceived, type Fault } from './faults';
import { Gateway, type Accepted, type GatewayOptions } from './gateway';
import { audienceOf, record, type RecordedRequest } from './request';
import { ReceivedUploads, type Matching, type Visit } from './uploads';

export interface ExchangeOptions extends GatewayOptions {
	/** A longer body gets a 413. */
	maxBodyBytes?: number;
	/** A longer path and query gets a 414; 16 KB by default. */
	maxUrlBytes?: number;
	/** How Meta matches uploads; by default, it matches no one. */
	matching?: Matching;
	/** Called once for each request, when its response has ended or its connection is closed. */
	onRequest?: (request: RecordedRequest) => void;
}

const MAX_URL_BYTES = 16 * 1024;

/** Handles each request from its arrival to the end of its response, and records it. */
export class Exchange {
	readonly requests: RecordedRequest[] = [];
	readonly faults = new FaultPlan();
	readonly received: ReceivedUploads;
	private readonly gateway: Gateway;
	private readonly now: () => number;
	private readonly pending = new Set<ServerResponse>();

	constructor(private readonly options: ExchangeOptions) {
		this.now = options.now ?? Date.now;
		this.received = new ReceivedUploads(options.matching);
		this.gateway = new Gateway({ ...options, now: this.now }, this.received);
	}

	readonly listener = (incoming: IncomingMessage, response: ServerResponse): void => {
		this.handle(incoming, response).catch((error: unknown) => {
			// A bug in the simulator must not go unnoticed or leave a client waiting.
			response.destroy();
			throw error;
		});
	};

	/** Restores the initial state, and drops requests that have no response yet. */
	reset(): void {
		for (const response of this.pending) response.destroy();
		this.requests.length = 0;
		this.received.clear();
		this.faults.clear();
		this.gateway.reset();
	}

	private async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
		const request = record(incoming, this.now());
		const visit = this.received.arrive(this.isTooLong(request) ? '' : audienceOf(request.url));
		this.pending.add(response);
		response.once('close', () => {
			this.pending.delete(response);
			this.received.leave(visit);
		});
		let body: Awaited<ReturnType<typeof readBody>>;
		try {
			body = await readBody(incoming, this.options.maxBodyBytes ?? Infinity);
		} catch {
			// The client disconnected in the middle of its request, so there is no one to respond to.
			response.destroy();
			return;
		}
		request.bodyBytes = body.length;
		this.requests.push(request);
		response.once('finish', () => this.acknowledge(request, visit));
		response.once('close', () => this.options.onRequest?.(request));
		deliver(response, this.respond(request, body.bytes, visit));
	}

	private acknowledge(request: RecordedRequest, visit: Visit): void {
		this.received.leave(visit);
		request.acknowledged = true;
		if (visit.batch && request.code === 'OK') visit.batch.acknowledged = true;
	}

	private respond(request: RecordedRequest, body: Buffer | undefined, visit: Visit): Delivery {
		const fault = this.faults.next(request.action);
		const delivery = this.decide(request, body, visit, fault);
		if (delivery.kind === 'send' || delivery.kind === 'half') {
			request.status = delivery.response.status;
			request.code = delivery.response.code;
		}
		return delivery;
	}

	private decide(
		request: RecordedRequest,
		body: Buffer | undefined,
		visit: Visit,
		fault: Fault | undefined,
	): Delivery {
		if (this.isTooLong(request)) {
			return { kind: 'send', response: html(414, '414 Request-URI Too Large') };
		}
		if (!body) return { kind: 'send', response: html(413, '413 Request Entity Too Large') };
		try {
			const accepted = this.gateway.accept(request, body);
			const isCounted = !fault || isReceived(fault);
			const ok = isCounted ? this.perform(accepted, visit) : success(accepted, {});
			return fault ? disturb(fault, ok, request, body) : { kind: 'send', response: ok };
		} catch (error) {
			if (!(error instanceof Rejection)) throw error;
			return { kind: 'send', response: rejected(error, request.headers.host ?? '') };
		}
	}

	private perform(accepted: Accepted, visit: Visit): ApiResponse {
		const { prepared, parameters } = accepted;
		const ok = success(accepted, prepared.run());
		if (prepared.batch) {
			const { requestId } = ok;
			const batch = { ...prepared.batch, requestId, acknowledged: false };
			this.received.receive(visit, parameters, batch);
		}
		return ok;
	}

	private isTooLong({ url }: RecordedRequest): boolean {
		return url.length > (this.options.maxUrlBytes ?? MAX_URL_BYTES);
	}
}

function success({ isCams }: Accepted, fields: Record<string, unknown>): ApiResponse {
	const ok = json(
		200,
		isCams ? { Code: 'OK', Message: 'OK', Success: true, ...fields } : fields,
		newRequestId(),
	);
	return { ...ok, code: 'OK' };
}
