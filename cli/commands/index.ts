/** All commands. */
import { ApproveCommand } from "./approve.js";
import { BackendCheckCommand } from "./backend-check.js";
import { BackendCreateCommand } from "./backend-create.js";
import { DeployCommand } from "./deploy.js";
import { DestroyCommand } from "./destroy.js";
import { DoctorCommand } from "./doctor.js";
import { EjectCommand } from "./eject.js";
import { EngineInstallCommand } from "./engine-install.js";
import { EngineSwitchCommand } from "./engine-switch.js";
import { GraphCommand } from "./graph.js";
import { HistoryCommand } from "./history.js";
import { ImportCommand } from "./import.js";
import { InitCommand } from "./init.js";
import { ListCommand } from "./list.js";
import { OutputsCommand } from "./outputs.js";
import { PlanCommand } from "./plan.js";
import { RollbackCommand } from "./rollback.js";
import { SchemaCommand } from "./schema.js";
import { SecretListCommand } from "./secret-list.js";
import { SecretSetCommand } from "./secret-set.js";
import { ShowCommand } from "./show.js";
import { StateHistoryCommand } from "./state-history.js";
import { StateListCommand } from "./state-list.js";
import { StateMvCommand } from "./state-mv.js";
import { StatePullCommand } from "./state-pull.js";
import { StatePushCommand } from "./state-push.js";
import { StateRestoreCommand } from "./state-restore.js";
import { StateRmCommand } from "./state-rm.js";
import { StateLocksCommand } from "./state-locks.js";
import { StateShowCommand } from "./state-show.js";
import { StatusCommand } from "./status.js";
import { SynthCommand } from "./synth.js";
import { TenantInitCommand } from "./tenant-init.js";
import { TenantApplyCommand } from "./tenant-apply.js";
import { TenantListCommand } from "./tenant-list.js";
import { TenantShowCommand } from "./tenant-show.js";
import { UnlockCommand } from "./unlock.js";
import { ValidateCommand } from "./validate.js";
import { VersionCommand } from "./version.js";

/** In the order of the help page. */
export const COMMANDS = [
  InitCommand,
  ValidateCommand,
  SynthCommand,
  GraphCommand,
  PlanCommand,
  ApproveCommand,
  DeployCommand,
  DestroyCommand,
  RollbackCommand,
  ImportCommand,
  StatusCommand,
  ListCommand,
  ShowCommand,
  OutputsCommand,
  HistoryCommand,
  StateShowCommand,
  StateListCommand,
  StatePullCommand,
  StatePushCommand,
  StateMvCommand,
  StateRmCommand,
  StateHistoryCommand,
  StateRestoreCommand,
  StateLocksCommand,
  UnlockCommand,
  SecretSetCommand,
  SecretListCommand,
  TenantInitCommand,
  TenantApplyCommand,
  TenantListCommand,
  TenantShowCommand,
  BackendCreateCommand,
  BackendCheckCommand,
  EngineInstallCommand,
  EngineSwitchCommand,
  EjectCommand,
  SchemaCommand,
  DoctorCommand,
  VersionCommand,
];
