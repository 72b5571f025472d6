/** The fault points, by the runs that pass them: an ordinary deploy, and one that verifies or is taken back. */
import { FAULT_POINTS, type FaultPoint } from "../../framework/model/faults.js";

const isOrdinary = (point: FaultPoint): boolean => !/^(verify|rollback):/.test(point);

export const ORDINARY_POINTS = FAULT_POINTS.filter(isOrdinary);
/** test/crash/points.test.ts kills at these. */
export const VERIFYING_POINTS = FAULT_POINTS.filter((point) => !isOrdinary(point));
