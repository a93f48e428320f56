import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpSync } from 'node:fs';
import { DEFAULT_KEY, startSimulator, type Simulator } from '../test/simulator/simulator';
import { startOutside, type Outside } from './machine/outside';
import { temporaryFolder } from './machine/processes';
import { installPackage, pack } from './n8n/package';
import { Server, type Binaries } from './n8n/server';

/** What the parts share, made when the first of them asks for it. */
export class Stage {
	/** Servers to be measured and ended. */
	readonly servers: Server[] = [];
	private packed?: string;
	private installed?: string;
	private shared?: Promise<SharedN8n>;
	private theSimulator?: Promise<Simulator>;
	private theOutside?: Promise<Outside>;

	/**
	 * @param packed a packed file to be tested; absent: one is made of the checkout
	 * @param binaries an n8n that is not the one in e2e/node_modules
	 */
	constructor(
		packed?: string,
		private readonly binaries?: Binaries,
	) {
		this.packed = packed;
	}

	/** A new n8n user folder with the package in it. */
	userFolder(): string {
		if (!this.installed) {
			this.installed = temporaryFolder();
			installPackage((this.packed ??= pack()), this.installed);
		}
		const folder = temporaryFolder();
		cpSync(this.installed, folder, { recursive: true });
		return folder;
	}

	async simulator(): Promise<Simulator> {
		return await (this.theSimulator ??= startSimulator());
	}

	async outside(): Promise<Outside> {
		return await (this.theOutside ??= startOutside());
	}

	/** Where pictures of faults go; they outlive the run. */
	readonly faults = join(tmpdir(), 'n8n-e2e-faults');

	/** Where pictures of what a part shows go, for a person to look at; they outlive the run. */
	readonly pictures = join(tmpdir(), 'n8n-e2e-pictures');

	/** One n8n on sqlite with the package, an owner and a credential, for all parts that need no other. */
	async n8n(): Promise<SharedN8n> {
		return await (this.shared ??= this.startShared());
	}

	async startServer(
		folder: string,
		env: Record<string, string> = {},
		name?: string,
	): Promise<Server> {
		const server = this.newServer(folder, env, name);
		await server.start();
		return server;
	}

	newServer(folder: string, env: Record<string, string> = {}, name?: string): Server {
		const server = new Server({ folder, env, name, binaries: this.binaries });
		this.servers.push(server);
		return server;
	}

	/** The credential's data for the simulator. */
	async credentialData(): Promise<Record<string, string>> {
		const { accessKeyId, accessKeySecret } = DEFAULT_KEY;
		return { accessKeyId, accessKeySecret, endpoint: (await this.simulator()).url };
	}

	/** Sets up the owner. @returns a credential for the simulator */
	async setUp({ rest }: Server): Promise<StoredCredential> {
		await rest.setUpOwner();
		return await rest.createCredential('Alibaba Cloud account', await this.credentialData());
	}

	async close(): Promise<void> {
		for (const server of this.servers) if (server.isRunning) await server.stop();
		(await this.theOutside)?.close();
		await (await this.theSimulator)?.close();
	}

	private async startShared(): Promise<SharedN8n> {
		const folder = this.userFolder();
		const { env } = await this.outside();
		const server = await this.startServer(folder, { DB_TYPE: 'sqlite', ...env });
		return { server, folder, credential: await this.setUp(server) };
	}
}

export interface SharedN8n {
	server: Server;
	folder: string;
	credential: StoredCredential;
}

export interface StoredCredential {
	id: string;
	name: string;
}
