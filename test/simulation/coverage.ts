/** What a run must have met: a fault, a way to take a lock over, a row of the recovery table that never occurred proves nothing. */

/** Name -> what is counted (the beginning of a counter's name). */
export const WANTED: { [name: string]: string } = {
  "S3: request lost": "fault: s3 lost request",
  "S3: reply lost": "fault: s3 lost reply",
  "S3: write carried out late": "fault: s3 late",
  "S3: 409": "fault: s3 409",
  "S3: 500, done": "fault: s3 500, done",
  "S3: 500, not done": "fault: s3 500, not done",
  "S3: 503": "fault: s3 503",
  "S3: throttled": "fault: s3 throttled",
  "S3: slow": "fault: s3 slow",
  "S3: cut off": "fault: s3 partition (request)",
  "S3: replies cut off": "fault: s3 partition (reply)",
  "DynamoDB: request lost": "fault: dynamodb lost request",
  "DynamoDB: reply lost, call sent again": "fault: dynamodb lost reply",
  "DynamoDB: write carried out late": "fault: dynamodb late",
  "DynamoDB: 500, done": "fault: dynamodb 500, done",
  "DynamoDB: throttled": "fault: dynamodb throttled",
  "DynamoDB: transaction conflict": "fault: dynamodb conflict",
  "DynamoDB: cut off": "fault: dynamodb partition (request)",
  "DynamoDB: replies cut off": "fault: dynamodb partition (reply)",
  "DynamoDB: down or throttled for minutes": "outage: dynamodb",
  "S3: down or throttled for minutes": "outage: s3",
  "cloud: reply lost": "fault: cloud lost reply",
  "cloud: call carried out late": "fault: cloud late",
  "cloud: throttled": "fault: cloud throttled",
  "cloud: call refused": "fault: cloud refuse",
  "cloud: half-made": "fault: cloud partial",
  "cloud: call of a killed process arrives": "fault: cloud request of a killed process arrives",
  "cloud: call of a displaced holder arrives": "zombie:",
  "TTL deletes a lock item": "ttl: lock item deleted",
  "a beat puts the lock item back": "ttl: lock item put back",
  "clock jumps by minutes": "clock: jumps by minutes",
  "clock jumps by hours": "clock: jumps by hours",
  "kill -9": "process: kill",
  "stopped and continued": "process: stopped",
  "stopped past its lease": "process: stopped past its lease",
  "host asleep": "process: host asleep",
  "main thread blocked": "process: main thread blocked",
  "first signal": "process: signal 1",
  "second signal": "process: signal 2",
  "kill -9 with a call in flight": "process: kill with a call in flight",
  "store cut off for good": "partition: s3 for good",
  "lock of a stack": "scope: lock of a stack",
  "lock of a service": "scope: lock of a service",
  "lock of a component": "scope: lock of a component",
  "two scopes at work at once": "scope: two at work at once",
  "written over another scope's write": "scope: merged over another's write",
  "stale lock of another scope cleared": "scope: stale lock of another scope taken over",
  "narrower run that would change what is shared": "ending: deploy outside-scope",
  "another tenant's stack of the same name beside": "place: 1 region, another tenant beside",
  "stack in two regions": "place: 2 regions",
  "second region begun after the first": "region: next one begun",
  "stopped at the first region that failed": "region: stopped at the first failure",
  "takeover: its process is gone": "takeover: gone",
  "takeover: silent for 12 minutes": "takeover: silent",
  "takeover: --takeover, silent for 90 seconds": "takeover: asked for",
  "takeover: --takeover --force": "takeover: forced",
  "takeover: unlock": "ending: unlock unlocked",
  "unlock of a stale id refused": "ending: unlock other-lock",
  "unlock of a live holder refused": "ending: unlock holder-alive",
  "a holder that was displaced says so": "ending: deploy lock-lost",
  "a dump of an earlier run is taken up": "dump:",
  "a version is verified and passes": "verification: passed",
  "a version is verified and does not pass": "verification: failed",
  "verification ended by a signal or a lost lock": "verification: stopped",
  "kill -9 while a version is verified": "verification: cut off by a kill",
  "a run is taken back to the last good release": "ending: deploy rolled-back",
  "recovery: done": "recovery: done",
  "recovery: create found": "recovery: was made and is adopted",
  "recovery: create found beside what stands": "recovery: was made a second time",
  "recovery: create not found": "recovery: was not made",
  "recovery: create found more than once": "recovery: several-found",
  "recovery: create that can't be probed": "recovery: unprobeable",
  "recovery: update": "recovery: was read again after an interrupted update",
  "recovery: delete, gone": "recovery: was deleted",
  "recovery: delete, still there": "recovery: is still there",
  "recovery: entry written after its seal": "recovery: entry of a fence after its seal",
};

/** What comes less than once in ten seeds: a hundred seeds may have none of it. */
const RARE = new Set([
  "cloud: call carried out late",
  "cloud: call refused",
  "cloud: half-made",
  "takeover: silent for 12 minutes",
  "a dump of an earlier run is taken up",
  "verification ended by a signal or a lost lock",
  "kill -9 while a version is verified",
  "a run is taken back to the last good release",
  "recovery: create found beside what stands",
  "recovery: create found more than once",
]);

/** Names of what did not occur; `few`: in so few seeds that what is rare is not asked for. */
export function missing(counts: ReadonlyMap<string, number>, few: boolean): string[] {
  return Object.keys(WANTED).filter((name) => !(few && RARE.has(name)) && occurrences(counts, name) === 0);
}

/** How often it occurred. */
export function occurrences(counts: ReadonlyMap<string, number>, name: string): number {
  const start = WANTED[name] as string;
  let sum = 0;
  for (const [counter, n] of counts) if (counter.startsWith(start)) sum += n;
  return sum;
}
