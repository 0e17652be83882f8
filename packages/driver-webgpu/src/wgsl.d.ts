/** A shader's text, put into the bundle. */
declare module "*.wgsl?raw" {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: what bundlers give for a raw import
  export default text;
}
