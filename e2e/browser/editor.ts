import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { chromium, selectors, type Browser, type Locator, type Page } from 'playwright-core';
import { OWNER } from '../n8n/rest';
import { temporaryFolder } from '../machine/processes';

/** Room around nodes, for the names below them. */
const MARGIN = 64;
const IMAGES = join(__dirname, '..', '..', 'docs', 'images');
/** n8n's editor in a browser, with the hands that a person has. */
export class Editor {
	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
		private readonly update: boolean,
	) {}

	static async open(url: string, update: boolean): Promise<Editor> {
		selectors.setTestIdAttribute('data-test-id');
		const executablePath = execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
		const browser = await chromium.launch({
			executablePath,
			args: [
				'--no-sandbox',
				'--disable-gpu',
				// The editor asks the public npm registry about community nodes: nothing leaves this machine.
				'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
			],
			env: { ...process.env, HOME: temporaryFolder() },
		});
		const page = await browser.newPage({ baseURL: url, viewport: { width: 1360, height: 860 } });
		page.setDefaultTimeout(120_000);
		return new Editor(browser, page, update);
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	byId(testId: string): Locator {
		return this.page.getByTestId(testId);
	}

	async logIn(): Promise<void> {
		await this.page.goto('/signin', { waitUntil: 'commit' });
		await this.byId('auth-form').waitFor();
		await this.byId('auth-form').locator('input').first().fill(OWNER.email);
		await this.byId('auth-form').locator('input[type=password]').fill(OWNER.password);
		await this.byId('form-submit-button').click();
		await this.page.waitForURL(/home|workflow/, { waitUntil: 'commit' });
	}

	/** Imports a workflow's file with the editor's menu. @returns the ID of the workflow it becomes */
	async importFile(path: string): Promise<string> {
		await this.page.goto('/workflow/new', { waitUntil: 'commit' });
		await this.byId('workflow-menu').click();
		await this.byId('workflow-menu-item-import').hover();
		const chooser = this.page.waitForEvent('filechooser');
		await this.byId('workflow-menu-item-import-from-file').click();
		await (await chooser).setFiles(path);
		await this.byId('sticky').first().waitFor();
		// The editor saves what was imported, and then the workflow is no longer new.
		await this.page.waitForURL(/\/workflow\/\w+$/, { waitUntil: 'commit' });
		return this.page.url().split('/').at(-1) ?? '';
	}

	/** Opens a workflow. @returns names of the nodes with a red triangle */
	async openWorkflow(id: string): Promise<string[]> {
		await this.page.goto(`/workflow/${id}`, { waitUntil: 'commit' });
		await this.byId('canvas-node').first().waitFor();
		await this.byId('sticky').first().waitFor();
		const incomplete = this.byId('canvas-node').filter({ has: this.byId('node-issues') });
		return await incomplete.evaluateAll((nodes) =>
			nodes.map((node) => node.getAttribute('data-node-name') ?? ''),
		);
	}

	/** Opens an execution, as the list of a workflow's executions does. */
	async openExecution(workflowId: string, id: string): Promise<void> {
		await this.page.goto(`/workflow/${workflowId}/executions/${id}`, { waitUntil: 'commit' });
		await this.byId('execution-preview-host').waitFor();
		await this.byId('canvas-node-status-success').first().waitFor();
	}

	/** Types into the nodes panel. @returns names of the nodes it finds */
	async searchNodes(text: string): Promise<Locator> {
		await this.byId('node-creator-search-bar').fill(text);
		return this.byId('node-creator-item-name');
	}

	/** The input of a parameter, in the node or in the credential's window. */
	field(name: string, within: Locator = this.byId('ndv')): Locator {
		return within.getByTestId(`parameter-input-${name}`).locator('input').first();
	}

	/** Chooses an entry of a dropdown that the node fills from the API. @returns all entries */
	async chooseFromList(parameter: string, entry: string): Promise<string[]> {
		const locator = this.byId(`resource-locator-${parameter}`);
		await locator.getByTestId('rlc-input').click();
		const items = this.byId('rlc-item').filter({ visible: true });
		await items.first().waitFor();
		const names = await items.allInnerTexts();
		await items.filter({ hasText: entry }).first().click();
		return names.map((name) => name.trim());
	}

	/** Drags a field of the input panel into a parameter of the node. */
	async drag(field: Locator, parameter: string): Promise<void> {
		const target = this.field(parameter);
		await target.scrollIntoViewIfNeeded();
		const [from, to] = [await field.boundingBox(), await target.boundingBox()];
		if (!from || !to) throw new Error('nothing to drag');
		const { mouse } = this.page;
		const [x, y] = [from.x + from.width / 2, from.y + from.height / 2];
		await mouse.move(x, y);
		await mouse.down();
		await mouse.move(x + 20, y + 20);
		await this.page.waitForFunction(() => document.body.style.cursor === 'grabbing');
		await mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 12 });
		// The field takes what is dropped once it has been drawn as ready for it.
		await this.page.locator('.activeDrop').waitFor();
		await mouse.up();
	}

	/** A screenshot of the whole window with everything on the canvas, for a person to look at. */
	async picture(path: string): Promise<void> {
		await this.page.screenshot({ path, animations: 'disabled' });
	}

	/** A screenshot of a part of the page: some pixels of an area, from its upper left when not told otherwise. */
	async snap(name: string, area: Locator, crop: Partial<Box> = {}): Promise<void> {
		const box = await area.boundingBox();
		if (!box) throw new Error(`nothing to see for ${name}`);
		const { x = 0, y = 0, width = box.width, height = box.height } = crop;
		await this.write(name, {
			x: box.x + x,
			y: box.y + y,
			width: Math.min(width, box.width - x),
			height: Math.min(height, box.height - y),
		});
	}

	/** A screenshot of the rectangle that holds everything which the locators find. */
	async snapAround(name: string, locators: Locator[]): Promise<void> {
		const found = (await Promise.all(locators.map(async (locator) => await locator.all()))).flat();
		const boxes = (await Promise.all(found.map(async (one) => await one.boundingBox()))).filter(
			(box) => box !== null,
		);
		const left = Math.min(...boxes.map(({ x }) => x)) - MARGIN;
		const top = Math.min(...boxes.map(({ y }) => y)) - MARGIN;
		const right = Math.max(...boxes.map(({ x, width }) => x + width)) + MARGIN;
		const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + MARGIN;
		await this.write(name, { x: left, y: top, width: right - left, height: bottom - top });
	}

	/** Only when screenshots were asked for. */
	private async write(name: string, clip: Box): Promise<void> {
		if (!this.update) return;
		await this.page.mouse.move(1, 1);
		await this.page.screenshot({
			path: join(IMAGES, `${name}.png`),
			animations: 'disabled',
			caret: 'hide',
			// What n8n lays over the canvas and the node: messages that come and go, and its own buttons.
			style: `.el-notification, [data-test-id='canvas-controls'], [data-test-id='floating-node'], [class*='executionButtons'], div:has(> [data-test-id='execute-workflow-button']) { visibility: hidden }`,
			clip,
		});
	}
}

interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}
