/** The fault points of an ordinary deploy. test/crash/points.test.ts kills at the others: those of runs that verify, or are taken back. */
import { FAULT_POINTS } from "../../framework/model/faults.js";

export const ORDINARY_POINTS = FAULT_POINTS.filter((point) => !/^(verify|rollback):/.test(point));
