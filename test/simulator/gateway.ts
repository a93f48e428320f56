import { ACTIONS } from './actions';
import type { Prepared } from './actions/action';
import { Authenticator } from './authentication';
import type { RecordedRequest, SimulatorOptions } from './contract';
import { makeWorld } from './defaultWorld';
import { collect, parseForm, type Pair } from './form';
import { checkPermission, DEFAULT_KEY, Keyring } from './keyring';
import type { Matches } from './matches';
import { checkNames, type Parameters } from './parameters';
import { Rejection } from './refusal';
import type { World } from './world';

export interface Accepted {
	prepared: Prepared;
	parameters: Parameters;
	/** STS answers have no Code and Success. */
	isCams: boolean;
}

/** The checks between a request's bytes and an action: signature, version, permission, parameters. */
export class Gateway {
	private readonly keyring: Keyring;
	private readonly authenticator: Authenticator;
	private world: World;

	constructor(
		private readonly options: SimulatorOptions,
		private readonly now: () => number,
		private readonly matches: Matches,
	) {
		this.keyring = new Keyring(options.keys ?? [DEFAULT_KEY], now);
		this.authenticator = new Authenticator(this.keyring, now);
		this.world = makeWorld(options.world);
	}

	/**
	 * Fills the record of the call as far as the checks get.
	 * @throws Refusal
	 */
	accept(call: RecordedRequest, body: Buffer): Accepted {
		const { path, query } = splitUrl(call.url);
		if (path !== '/' || (call.method !== 'GET' && call.method !== 'POST')) throw unknownAction();
		const { method, headers } = call;
		const key = this.authenticator.authenticate({ method, headers, path, query, body });
		const form = isForm(headers) ? parseForm(body.toString()) : [];
		call.query = collect(query);
		call.form = collect(form.filter(([name]) => name !== 'Users'));
		const action = ACTIONS[call.action];
		if (!action) throw unknownAction();
		if (headers['x-acs-version'] !== action.version) {
			throw new Rejection(400, 'InvalidVersion', 'Specified parameter Version is not valid.');
		}
		checkPermission(key, action.permission);
		const ignored = this.options.ignoreBody === true && call.action === 'AddCustomAudienceUser';
		const parameters = collect(query, ignored ? [] : form);
		checkNames(parameters, action.required, action.optional);
		const { keyring, world, matches } = this;
		const prepared = action.prepare({ parameters, key, world, keyring, matches, now: this.now() });
		if (prepared.upload) call.users = prepared.upload.users;
		if (this.options.strictIds) checkIds(parameters, world);
		return { prepared, parameters, isCams: action.permission.startsWith('cams:') };
	}

	reset(): void {
		this.keyring.clear();
		this.authenticator.clear();
		this.world = makeWorld(this.options.world);
	}
}

/** @throws Refusal when the query isn't percent-encoded UTF-8 */
export function splitUrl(url: string): { path: string; query: Pair[] } {
	const at = url.indexOf('?');
	return at < 0
		? { path: url, query: [] }
		: { path: url.slice(0, at), query: parseForm(url.slice(at + 1)) };
}

function isForm(headers: Record<string, string>): boolean {
	return /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');
}

function checkIds(parameters: Parameters, world: World): void {
	const known: Record<string, boolean> = {
		CustSpaceId: world.channels.some((one) => one.CustSpaceId === parameters.CustSpaceId),
		PageId: world.pages.some((one) => one.PageId === parameters.PageId),
		AdAccountId: world.adAccounts.some((one) => one.AdAccountId === parameters.AdAccountId),
		CustomAudienceId: world.audiences.some(
			(one) => one.CustomAudienceId === parameters.CustomAudienceId,
		),
	};
	for (const [name, isKnown] of Object.entries(known)) {
		if (parameters[name] && !isKnown)
			throw new Rejection(200, 'ParameterIllegal', `${name} is illegal.`);
	}
}

function unknownAction(): Rejection {
	const message = 'Specified api is not found, please check your url and method.';
	return new Rejection(404, 'InvalidAction.NotFound', message);
}
