export const moduleNameMapper: Record<string, string>;
export function makeBundle(): Promise<void>;
