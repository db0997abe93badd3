/** The words of common passwords as `encodeWords` writes them, in base64. Made by the build. */
declare module "virtual:common-passwords" {
  const encoded: string;
  export default encoded;
}
