import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, start, type Running } from '../machine/processes';
import { GiveUp, until } from '../machine/until';
import { Rest } from './rest';

const MODULES = join(__dirname, '..', 'node_modules');
export const NODE_BIN = join(MODULES, 'node', 'bin', 'node');
const N8N = join(MODULES, 'n8n', 'bin', 'n8n');

/** An n8n that asks nobody outside, shows no banners, and keeps everything in its own folder. */
const QUIET = {
	N8N_SECURE_COOKIE: 'false',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_AI_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_ONBOARDING_FLOW_DISABLED: 'true',
	N8N_DISABLED_MODULES:
		'mcp-registry,instance-ai,mcp,chat-hub,agents,workflow-builder,insights,otel',
	N8N_HOST: '127.0.0.1',
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_LOG_LEVEL: 'debug',
	N8N_LOG_OUTPUT: 'console',
};

/** Which n8n is run, and by which Node. */
export interface Binaries {
	node: string;
	n8n: string;
}

/** It takes ten seconds on an idle machine. */
const PATIENT = { seconds: 240 };

export interface ServerOptions {
	/** N8N_USER_FOLDER; the package is installed there. */
	folder: string;
	env?: Record<string, string>;
	name?: string;
	/** Absent: those in e2e/node_modules. */
	binaries?: Binaries;
}

/** One n8n process, to be started again on the same folder and port after it was ended. */
export class Server {
	url = '';
	readonly log: string;
	rest = new Rest('');
	peakMemory = 0;
	private running?: Running;
	private env: Record<string, string> = {};

	constructor(private readonly options: ServerOptions) {
		this.log = join(options.folder, `${options.name ?? 'n8n'}.log`);
	}

	/** @returns milliseconds until it was ready */
	async start(): Promise<number> {
		const begin = Date.now();
		await this.launch('start');
		this.rest.url = this.url;
		await until('n8n is ready', async () => await this.answers('/healthz/readiness'), PATIENT);
		// The REST API answers with a page until it is there.
		await until('n8n answers', async () => (await this.rest.get('/settings')) !== undefined);
		return Date.now() - begin;
	}

	async startWorker(concurrency: number): Promise<void> {
		await this.launch('worker', [`--concurrency=${concurrency}`]);
		await until(
			'the worker is ready',
			async () => await this.answers('/healthz/readiness'),
			PATIENT,
		);
	}

	async stop(): Promise<void> {
		this.measure();
		await this.running?.stop();
		this.running = undefined;
	}

	/** SIGKILL for the process and its task runner. */
	async kill(): Promise<void> {
		this.measure();
		await this.running?.kill();
		this.running = undefined;
	}

	/**
	 * Runs one of n8n's commands to its end, while the server is not running.
	 * @returns the exit code
	 */
	async command(...args: string[]): Promise<number> {
		const { node, n8n } = this.binaries;
		const { folder: cwd } = this.options;
		const limit = { timeout: 120_000, killSignal: 'SIGKILL' } as const;
		const { log } = this;
		const env = this.environment();
		return await start(node, [n8n, ...args], { log, cwd, env, ...limit }).ended();
	}

	get isRunning(): boolean {
		return this.running !== undefined && !this.running.exited;
	}

	/** Bytes that the process and its task runner had at most so far. */
	memory(): number {
		return this.running?.peakMemory() ?? 0;
	}

	/** From now on `memory` tells what follows. */
	resetMemory(): void {
		this.running?.resetPeak();
	}

	readLog(): string {
		return existsSync(this.log) ? readFileSync(this.log, 'utf8') : '';
	}

	private async launch(command: string, args: string[] = []): Promise<void> {
		if (this.url === '') {
			const [port, broker] = [await freePort(), await freePort()];
			this.url = `http://127.0.0.1:${port}`;
			this.env = {
				N8N_PORT: String(port),
				QUEUE_HEALTH_CHECK_ACTIVE: 'true',
				QUEUE_HEALTH_CHECK_PORT: String(port),
				N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
				N8N_RUNNERS_BROKER_PORT: String(broker),
			};
		}
		const { node, n8n } = this.binaries;
		this.running = start(node, [n8n, command, ...args], {
			log: this.log,
			cwd: this.options.folder,
			env: this.environment(),
		});
	}

	private environment(): Record<string, string | undefined> {
		return {
			PATH: process.env.PATH,
			HOME: this.options.folder,
			N8N_USER_FOLDER: this.options.folder,
			N8N_ENCRYPTION_KEY: 'e2e',
			...QUIET,
			...this.env,
			...this.options.env,
		};
	}

	private get binaries(): Binaries {
		return this.options.binaries ?? { node: NODE_BIN, n8n: N8N };
	}

	private async answers(path: string): Promise<boolean> {
		if (!this.isRunning) throw new GiveUp(`it ended: ${this.readLog().slice(-2000)}`);
		return (await fetch(`${this.url}${path}`)).ok;
	}

	private measure(): void {
		this.peakMemory = Math.max(this.peakMemory, this.running?.peakMemory() ?? 0);
	}
}
