/** The graph: orders of ids, and the graph of components. */
export * from "./components.js";
export * from "./order.js";
