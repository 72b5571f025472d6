/**
 * Loads dist/panka.bundle, all of Panka in one script, with the code that V8 kept of an earlier run: to compile it anew would be a
 * third of a start. Node built-ins only.
 */
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { createRequire } = require("node:module");
const { homedir } = require("node:os");
const { join } = require("node:path");
const { Script } = require("node:vm");

const file = join(__dirname, "..", "dist", "panka.bundle");

/** Files kept: every command of one version, or some of each of several. About 2 MB each. */
const KEPT = 40;

/** Code is renewed after a day, ms: by then a command has been used in more ways than the first time. */
const DAY = 24 * 60 * 60 * 1000;

/** Bytes of the digest in front of the code. */
const DIGEST = 20;

const digest = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha1")).digest();

/** True if nobody but this user can have written it, for what V8 reads here it runs. The folders of Windows' profiles are private. */
const isOwn = ({ uid, mode }) => process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);

/** The folder of kept code; undefined if it can't be trusted. Throws where it can't be made. */
function cacheFolder() {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "panka", "code");
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = fs.lstatSync(folder);
  return stat.isDirectory() && isOwn(stat) ? folder : undefined;
}

/** The code in a file, and whether it is old; undefined if it can't be trusted or is damaged: V8 itself checks no sum. Throws where there is none. */
function readKept(path) {
  const handle = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0));
  try {
    const stat = fs.fstatSync(handle);
    if (!stat.isFile() || !isOwn(stat)) return undefined;
    const bytes = fs.readFileSync(handle);
    const code = bytes.subarray(DIGEST);
    return bytes.subarray(0, DIGEST).equals(digest(code)) ? { code, old: Date.now() - stat.mtimeMs > DAY } : undefined;
  } finally {
    fs.closeSync(handle);
  }
}

/** Keeps what V8 has compiled so far, whole or not at all, and no more files than {@link KEPT}. */
function keep(script, folder, path) {
  const code = script.createCachedData();
  const fresh = `${path}.${process.pid}`;
  try {
    fs.writeFileSync(fresh, Buffer.concat([digest(code), code]), { mode: 0o600, flag: "wx" });
    fs.renameSync(fresh, path);
  } catch (error) {
    // Where the disk is full, half a file would fill it.
    fs.rmSync(fresh, { force: true });
    throw error;
  }
  const files = fs.readdirSync(folder).map((name) => join(folder, name));
  if (files.length <= KEPT) return;
  const dated = files.map((name) => ({ name, written: fs.lstatSync(name).mtimeMs })).sort((a, b) => b.written - a.written);
  for (const { name } of dated.slice(KEPT)) fs.rmSync(name, { force: true });
}

/** Undefined where it throws: that code can't be kept is no reason to fail. */
function attempt(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}

let entries;

/**
 * The entry points of the bundle (ENTRIES of scripts/build.js), each a function that gives its exports. `use`, of letters, names what
 * they are for: each use keeps the code that it needs, none has to read that of all.
 */
function loadBundle(use) {
  if (entries) return entries;
  const bytes = fs.readFileSync(file);
  const made = digest(bytes, `${process.version} ${process.arch}`).toString("hex");
  const folder = attempt(cacheFolder);
  const path = folder && join(folder, `${use}-${made.slice(0, 16)}.bin`);
  const kept = path && attempt(() => readKept(path));
  const script = new Script(bytes.toString("latin1"), { filename: file, cachedData: kept?.code });
  // V8 refuses what was made with other flags. A run that failed early would keep less than the next one needs.
  const renew = path !== undefined && (kept === undefined || kept.old || script.cachedDataRejected);
  if (renew) process.once("exit", (code) => code === 0 && attempt(() => keep(script, folder, path)));
  entries = {};
  // `import()` of a script made so has no loader behind it: the bundle gets this one.
  script.runInThisContext()(entries, createRequire(file), file, (url) => import(url));
  return entries;
}

exports.loadBundle = loadBundle;
