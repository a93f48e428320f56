import { PAGE } from '../engine/knownIds';
import { runNamed } from '../engine/runOperation';
import { useSimulator } from '../simulator/useSimulator';

const simulator = useSimulator();

it.each(['={{ $json.nothing }}', '={{ null }}', '={{ "" }}', 0, 1.5, 'many'])(
	"a 'Limit' of %j is refused by its name, and not taken for another",
	async (limit) => {
		const parameters = { ...PAGE, limit };
		const { error } = await runNamed(simulator, 'customAudience:getMany', { parameters });
		expect(error?.message).toContain("'Limit' is not usable");
		expect(simulator.calls).toEqual([]);
	},
);
