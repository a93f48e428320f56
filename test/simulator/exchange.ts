import type { IncomingMessage, ServerResponse } from 'node:http';
import { html, json, newRequestId, rejected, type Answer } from './answer';
import type { Fault, RecordedRequest, SimulatorOptions } from './contract';
import { deliver, readBody } from './delivery';
import { disturb, FaultPlan, isReceived, type Delivery } from './faults';
import { Gateway, type Accepted } from './gateway';
import { Uploads, type Visit } from './ledger';
import { Matches } from './matches';
import { audienceOf, isTooLong, record } from './record';
import { Rejection } from './refusal';

/** Takes each request from its arrival to the end of its answer, and keeps the record. */
export class Exchange {
	readonly requests: RecordedRequest[] = [];
	readonly faults = new FaultPlan();
	readonly uploads = new Uploads();
	private readonly gateway: Gateway;
	readonly matches: Matches;
	private readonly now: () => number;
	private readonly pending = new Set<ServerResponse>();

	constructor(private readonly options: SimulatorOptions) {
		this.now = options.now ?? Date.now;
		this.matches = new Matches(options.matching, this.uploads.uploads);
		this.gateway = new Gateway(options, this.now, this.matches);
	}

	readonly listener = (request: IncomingMessage, response: ServerResponse): void => {
		this.handle(request, response).catch((error: unknown) => {
			// A bug of the simulator: loud, and no client left hanging.
			response.destroy();
			throw error;
		});
	};

	/** Forgets everything, and drops the calls that have no answer yet. */
	reset(): void {
		for (const response of this.pending) response.destroy();
		this.requests.length = 0;
		this.uploads.clear();
		this.faults.clear();
		this.gateway.reset();
		this.matches.clear();
	}

	private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const call = record(request, this.now());
		const visit = this.uploads.arrive(audienceOf(call, this.options.maxUrlBytes));
		this.pending.add(response);
		response.once('close', () => {
			this.pending.delete(response);
			this.uploads.leave(visit);
		});
		let body: Awaited<ReturnType<typeof readBody>>;
		try {
			body = await readBody(request, this.options.maxBodyBytes ?? Infinity);
		} catch {
			// The client went away in the middle of its request: nobody is left to answer.
			response.destroy();
			return;
		}
		call.bodyBytes = body.length;
		this.requests.push(call);
		response.once('finish', () => this.acknowledge(call, visit));
		response.once('close', () => this.options.onRequest?.(call));
		deliver(response, this.answer(call, body.bytes, visit));
	}

	private acknowledge(call: RecordedRequest, visit: Visit): void {
		this.uploads.leave(visit);
		call.acknowledged = true;
		if (visit.call && call.code === 'OK') visit.call.acknowledged = true;
	}

	private answer(call: RecordedRequest, body: Buffer | undefined, visit: Visit): Delivery {
		const fault = this.faults.next(call.action);
		const delivery = this.decide(call, body, visit, fault);
		if (delivery.kind === 'send' || delivery.kind === 'half') {
			call.status = delivery.answer.status;
			call.code = delivery.answer.code;
		}
		return delivery;
	}

	private decide(
		call: RecordedRequest,
		body: Buffer | undefined,
		visit: Visit,
		fault: Fault | undefined,
	): Delivery {
		if (isTooLong(call, this.options.maxUrlBytes))
			return { kind: 'send', answer: html(414, '414 Request-URI Too Large') };
		if (!body) return { kind: 'send', answer: html(413, '413 Request Entity Too Large') };
		try {
			const accepted = this.gateway.accept(call, body);
			const isCounted = !fault || isReceived(fault);
			const ok = isCounted ? this.perform(accepted, visit) : success(accepted, {});
			return fault ? disturb(fault, ok, call, body) : { kind: 'send', answer: ok };
		} catch (error) {
			if (!(error instanceof Rejection)) throw error;
			return { kind: 'send', answer: rejected(error, call.headers.host ?? '') };
		}
	}

	private perform(accepted: Accepted, visit: Visit): Answer {
		const { prepared, parameters } = accepted;
		const ok = success(accepted, prepared.run());
		if (prepared.upload) {
			const { requestId } = ok;
			const received = { ...prepared.upload, requestId, acknowledged: false };
			this.uploads.receive(visit, parameters, received);
		}
		return ok;
	}
}

function success({ isCams }: Accepted, fields: Record<string, unknown>): Answer {
	const ok = json(
		200,
		isCams ? { Code: 'OK', Message: 'OK', Success: true, ...fields } : fields,
		newRequestId(),
	);
	return { ...ok, code: 'OK' };
}
