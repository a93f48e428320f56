import { randomUUID } from 'node:crypto';
import { denied } from '../keyring';
import { readInteger, type Parameters } from '../parameters';
import { Rejection } from '../refusal';
import type { Role } from '../world';
import { STS_VERSION, type Action, type ActionContext } from './action';

const PERMISSION = 'sts:AssumeRole';

/** @see https://www.alibabacloud.com/help/doc-detail/28763.html */
export const assumeRole: Action = {
	version: STS_VERSION,
	permission: PERMISSION,
	required: ['RoleArn', 'RoleSessionName'],
	optional: ['ExternalId', 'DurationSeconds'],
	prepare(context) {
		const { parameters, world, key } = context;
		checkShapes(parameters);
		const role = world.roles.find(({ arn }) => arn === parameters.RoleArn);
		if (!role) throw new Rejection(404, 'EntityNotExist.Role', 'The specified Role not exists.');
		const trusted = !role.trusts || role.trusts.includes(key.accessKeyId);
		if (!trusted || (role.externalId && role.externalId !== parameters.ExternalId)) {
			throw denied(PERMISSION);
		}
		const seconds = Number(parameters.DurationSeconds ?? 3600);
		return { run: () => issue(context, role, seconds) };
	},
};

function checkShapes(parameters: Parameters): void {
	const { RoleArn = '', RoleSessionName = '' } = parameters;
	if (!/^acs:ram::\d+:role\/.+$/.test(RoleArn)) throw wronglyFormed('RoleArn');
	if (!/^[A-Za-z0-9.@_-]{2,64}$/.test(RoleSessionName)) throw wronglyFormed('RoleSessionName');
	try {
		readInteger(parameters, 'DurationSeconds', { min: 900, max: 3600 });
	} catch {
		const message = 'The Min/Max value of DurationSeconds is 15min/1hr.';
		throw new Rejection(400, 'InvalidParameter.DurationSeconds', message);
	}
}

function issue({ parameters, keyring, now }: ActionContext, role: Role, seconds: number) {
	const expiresAt = now + seconds * 1000;
	const key = {
		accessKeyId: `STS.Simulator${randomUUID().replaceAll('-', '')}`,
		accessKeySecret: `simulator-${randomUUID()}`,
		securityToken: `CAIS-simulator-${randomUUID()}`,
		expiresAt,
		...(role.allow ? { allow: role.allow } : {}),
	};
	keyring.add(key);
	return {
		Credentials: {
			AccessKeyId: key.accessKeyId,
			AccessKeySecret: key.accessKeySecret,
			SecurityToken: key.securityToken,
			Expiration: new Date(expiresAt).toISOString().replace(/\.\d+Z$/, 'Z'),
		},
		AssumedRoleUser: {
			Arn: `${role.arn}/${parameters.RoleSessionName}`,
			AssumedRoleId: `300000000000000001:${parameters.RoleSessionName}`,
		},
	};
}

function wronglyFormed(name: string): Rejection {
	return new Rejection(400, `InvalidParameter.${name}`, `The parameter ${name} is wrongly formed.`);
}
