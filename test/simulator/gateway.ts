import { ACTIONS, type Prepared } from './actions';
import { Rejection } from './response';
import {
	Authenticator,
	checkPermission,
	DEFAULT_KEY,
	Keyring,
	type AccessKey,
} from './authentication';
import { checkNames, valuesByName, parseForm, type Parameters } from './parameters';
import { splitUrl, type RecordedRequest } from './request';
import type { ReceivedUploads } from './uploads';
import { makeWorld, type World } from './world';

export interface GatewayOptions {
	/** The clock in milliseconds since 1970. */
	now?: () => number;
	keys?: AccessKey[];
	/** Read `Users` of AddCustomAudienceUser only from the query, as a gateway may: in a body, it counts as missing. */
	ignoreBody?: boolean;
	/** Reject IDs that the world doesn't contain, with status 200 and `Success: false`. */
	strictIds?: boolean;
	/** These lists replace those of the default world. */
	world?: Partial<World>;
}

/** A request that passed all checks. */
export interface Accepted {
	prepared: Prepared;
	parameters: Parameters;
	/** Responses of STS have no Code and Success. */
	isCams: boolean;
}

/** The checks between a request's bytes and an action: signature, version, permission, parameters. */
export class Gateway {
	private readonly keyring: Keyring;
	private readonly authenticator: Authenticator;
	private world: World;

	constructor(
		private readonly options: GatewayOptions & { now: () => number },
		private readonly received: ReceivedUploads,
	) {
		this.keyring = new Keyring(options.keys ?? [DEFAULT_KEY], options.now);
		this.authenticator = new Authenticator(this.keyring, options.now);
		this.world = makeWorld(options.world);
	}

	/**
	 * Checks a request, and adds what it finds to the record.
	 * @throws Rejection
	 */
	accept(request: RecordedRequest, body: Buffer): Accepted {
		const { path, query } = splitUrl(request.url);
		const { method, headers } = request;
		if (path !== '/' || (method !== 'GET' && method !== 'POST')) throw unknownAction();
		const key = this.authenticator.authenticate({ method, headers, path, query, body });
		const form = isForm(headers) ? parseForm(body.toString()) : [];
		request.query = valuesByName(query);
		request.form = valuesByName(form.filter(([name]) => name !== 'Users'));
		const action = ACTIONS[request.action];
		if (!action) throw unknownAction();
		if (headers['x-acs-version'] !== action.version) {
			throw new Rejection(400, 'InvalidVersion', 'Specified parameter Version is not valid.');
		}
		checkPermission(key, action.permission);
		const ignored = this.options.ignoreBody === true && request.action === 'AddCustomAudienceUser';
		const parameters = valuesByName(query, ignored ? [] : form);
		checkNames(parameters, action.required, action.optional);
		const { keyring, world, received } = this;
		const now = this.options.now();
		const prepared = action.prepare({ parameters, key, world, keyring, received, now });
		if (prepared.batch) request.users = prepared.batch.users;
		if (this.options.strictIds) checkIds(parameters, world);
		return { prepared, parameters, isCams: action.permission.startsWith('cams:') };
	}

	reset(): void {
		this.keyring.clear();
		this.authenticator.clear();
		this.world = makeWorld(this.options.world);
	}
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
		if (parameters[name] && !isKnown) {
			throw new Rejection(200, 'ParameterIllegal', `${name} is illegal.`);
		}
	}
}

function unknownAction(): Rejection {
	const message = 'Specified api is not found, please check your url and method.';
	return new Rejection(404, 'InvalidAction.NotFound', message);
}
