import type { IExecuteFunctions } from 'n8n-workflow';
import type { Audience } from '../../../submission/audience';
import { sizeOf, type Facts } from '../../../submission/decide';
import type { SubmissionPlan } from '../../../submission/delivery';
import { describePlan, type DryRunPlan } from '../../../submission/dryRun';
import type { UserList } from '../../../submission/users';
import { originWith } from '../../../transport/connection';
import { UsersRoad } from '../../../transport/usersRoad';
import type { AddUsersOptions } from './readOptions';
import { roomFor } from './sendBatch';

/** What a real run would send, in the calls that the endpoint's gateway takes as far as this process knows it. */
export async function previewOf(
	context: IExecuteFunctions,
	{ audience, plan, users }: { audience: Audience; plan: SubmissionPlan; users: UserList },
	{ facts, options }: { facts: Facts; options: AddUsersOptions },
): Promise<DryRunPlan> {
	// A dry run plans without a credential, too.
	const origin = await originWith(context).catch(() => '');
	const road = new UsersRoad(origin, options.sendUsersIn);
	const maxBytes = roomFor(road, audience, plan.total);
	return describePlan({ ...plan, maxBytes }, users, sizeOf(facts, options) || facts.users);
}
