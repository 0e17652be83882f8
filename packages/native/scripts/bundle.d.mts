export function bundle(root: string, entry: string, folder: string): Promise<string>;
