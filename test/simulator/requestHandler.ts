import type { IncomingMessage, ServerResponse } from 'node:http';
import { deliver, type Delivery } from './delivery';
import { countsUsers, deliveryWith, FaultPlan, type Fault } from './faults';
import { Gateway, type Accepted, type GatewayOptions } from './gateway';
import { audienceOf, readBody, record, type RecordedRequest } from './request';
import { errorPage, json, newRequestId, rejected, Rejection, type ApiResponse } from './response';
import { ReceivedUploads, type ActiveRequest, type Matching } from './uploads';

export interface HandlerOptions extends GatewayOptions {
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
export class RequestHandler {
	readonly requests: RecordedRequest[] = [];
	readonly faults = new FaultPlan();
	readonly received: ReceivedUploads;
	private readonly gateway: Gateway;
	private readonly now: () => number;
	private readonly pending = new Set<ServerResponse>();

	constructor(private readonly options: HandlerOptions) {
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
		const active = this.received.begin(this.isTooLong(request) ? '' : audienceOf(request.url));
		this.pending.add(response);
		response.once('close', () => {
			this.pending.delete(response);
			this.received.end(active);
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
		response.once('finish', () => this.acknowledge(request, active));
		response.once('close', () => this.options.onRequest?.(request));
		deliver(response, this.respond(request, body.bytes, active));
	}

	private acknowledge(request: RecordedRequest, active: ActiveRequest): void {
		this.received.end(active);
		request.acknowledged = true;
		if (active.batch && request.code === 'OK') active.batch.acknowledged = true;
	}

	private respond(
		request: RecordedRequest,
		body: Buffer | undefined,
		active: ActiveRequest,
	): Delivery {
		const fault = this.faults.next(request.action);
		const delivery = this.decide(request, body, active, fault);
		if (delivery.kind === 'send' || delivery.kind === 'half') {
			request.status = delivery.response.status;
			request.code = delivery.response.code;
		}
		return delivery;
	}

	private decide(
		request: RecordedRequest,
		body: Buffer | undefined,
		active: ActiveRequest,
		fault: Fault | undefined,
	): Delivery {
		if (this.isTooLong(request)) {
			return { kind: 'send', response: errorPage(414, '414 Request-URI Too Large') };
		}
		if (!body) return { kind: 'send', response: errorPage(413, '413 Request Entity Too Large') };
		try {
			const accepted = this.gateway.accept(request, body);
			const isCounted = !fault || countsUsers(fault);
			const ok = isCounted ? this.perform(accepted, active) : success(accepted, {});
			return fault ? deliveryWith(fault, ok, request, body) : { kind: 'send', response: ok };
		} catch (error) {
			if (!(error instanceof Rejection)) throw error;
			return { kind: 'send', response: rejected(error, request.headers.host ?? '') };
		}
	}

	private perform(accepted: Accepted, active: ActiveRequest): ApiResponse {
		const { prepared, parameters } = accepted;
		const ok = success(accepted, prepared.run());
		if (prepared.batch) {
			const { requestId } = ok;
			const batch = { ...prepared.batch, requestId, acknowledged: false };
			this.received.receive(active, parameters, batch);
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
