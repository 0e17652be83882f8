export function platformTag(): string;
