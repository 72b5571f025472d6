/** What of a stack a run is narrowed to. */

/** From `--service`, `--component`, `--with-dependencies`. Empty lists select all. */
export interface SelectionOptions {
  services: string[];
  components: string[];
  withDependencies: boolean;
}

/** True if it narrows anything. */
export function isNarrowed(selection: SelectionOptions): boolean {
  return selection.services.length > 0 || selection.components.length > 0;
}
