import type { User } from '../contract';
import { readBoolean, readInteger, readJson } from '../parameters';
import { invalid } from '../refusal';
import { CAMS_VERSION, type Action } from './action';

const MAX_USERS = 10_000;

export const addCustomAudienceUser: Action = {
	version: CAMS_VERSION,
	permission: 'cams:AddCustomAudienceUser',
	required: ['CustSpaceId', 'PageId', 'AdAccountId', 'CustomAudienceId', 'Users'],
	optional: ['EstimatedNumTotal', 'BatchLastFlag'],
	prepare({ parameters }) {
		const users = checkUsers(readJson(parameters, 'Users'));
		const total = readInteger(parameters, 'EstimatedNumTotal', { min: 0 });
		const last = readBoolean(parameters, 'BatchLastFlag');
		return { upload: { users, last, total }, run: () => ({}) };
	},
};

function checkUsers(value: unknown): User[] {
	if (!Array.isArray(value)) throw invalid('Users', 'it is not an array');
	if (value.length === 0) throw invalid('Users', 'it is empty');
	if (value.length > MAX_USERS) {
		throw invalid('Users', `it holds ${value.length} users, more than ${MAX_USERS}`);
	}
	for (let index = 0; index < value.length; index++) checkUser(value[index], index);
	return value as User[];
}

function checkUser(user: unknown, index: number): void {
	if (typeof user !== 'object' || user === null || Array.isArray(user)) {
		throw invalid('Users', `entry ${index} is not an object`);
	}
	let fields = 0;
	for (const name in user) {
		if (name !== 'Email' && name !== 'Phone') {
			throw invalid('Users', `entry ${index} has a field that is neither Email nor Phone`);
		}
		const field = (user as User)[name];
		if (typeof field !== 'string' || field === '') {
			throw invalid('Users', `entry ${index} has an empty ${name} or one that is not a string`);
		}
		fields++;
	}
	if (fields === 0) throw invalid('Users', `entry ${index} has neither Email nor Phone`);
}
