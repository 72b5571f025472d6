/** `import()` of a file that only a run knows. The build hands the bundle one of the launcher's: a script has none of its own. */

/** The exports of the ES module at a URL. Throws what the module throws. */
export const importFile = (url: string): Promise<unknown> => import(url);
