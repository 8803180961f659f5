/// The fields of a plan's top level.
enum PlanField: Int, FieldKey {
  case planName, level, achievements, levels, createdDate, notes, analysisNotes
  case priorityGroups, crossPriority, waves, criticalPath, totalAchievements, priorities, completed, remaining
  case external, worker, verify, gate, setup, resources, overheadBudget, onConflict, judge

  var name: String {
    switch self {
    case .planName: "plan_name"
    case .level: "parallelization_level"
    case .achievements: "achievements"
    case .levels: "levels"
    case .createdDate: "created_date"
    case .notes: "notes"
    case .analysisNotes: "analysis_notes"
    case .priorityGroups: "priority_groups"
    case .crossPriority: "cross_priority_dependencies"
    case .waves: "parallel_execution_waves"
    case .criticalPath: "critical_path_analysis"
    case .totalAchievements: "total_achievements"
    case .priorities: "priorities"
    case .completed: "completed_achievements"
    case .remaining: "remaining_achievements"
    case .external: "external_dependencies"
    case .worker: "worker"
    case .verify: "verify"
    case .gate: "gate"
    case .setup: "setup"
    case .resources: "resources"
    case .overheadBudget: "overhead_budget"
    case .onConflict: "on_conflict"
    case .judge: "judge"
    }
  }

  static let table = FieldTable<PlanField>(unlikely: [.levels, .priorities])
}

/// The fields of an achievement and of a sub-execution.
enum ItemField: Int, FieldKey {
  case achievementID, executionID, id, title, name, priority, dependencies, status, estimatedHours, actualHours
  case startedAt, completedAt, executor, notes, blocks, parallelizableWith, validationScript, subExecutions
  case waived, softDependencies, files, deliverables, instructions, resources, worker, verify, variants, judge

  var name: String {
    switch self {
    case .achievementID: "achievement_id"
    case .executionID: "execution_id"
    case .id: "id"
    case .title: "title"
    case .name: "name"
    case .priority: "priority"
    case .dependencies: "dependencies"
    case .status: "status"
    case .estimatedHours: "estimated_hours"
    case .actualHours: "actual_hours"
    case .startedAt: "started_at"
    case .completedAt: "completed_at"
    case .executor: "executor"
    case .notes: "notes"
    case .blocks: "blocks"
    case .parallelizableWith: "parallelizable_with"
    case .validationScript: "validation_script"
    case .subExecutions: "sub_executions"
    case .waived: "waived"
    case .softDependencies: "soft_dependencies"
    case .files: "files"
    case .deliverables: "deliverables"
    case .instructions: "instructions"
    case .resources: "resources"
    case .worker: "worker"
    case .verify: "verify"
    case .variants: "variants"
    case .judge: "judge"
    }
  }

  static let table = FieldTable<ItemField>(unlikely: [.id, .name, .executionID])
}

/// The fields of a `worker`.
enum WorkerField: Int, FieldKey {
  case command, shell, stdin, timeout, idleTimeout, retries, backoff, env, passEnv

  var name: String {
    switch self {
    case .command: "command"
    case .shell: "shell"
    case .stdin: "stdin"
    case .timeout: "timeout"
    case .idleTimeout: "idle_timeout"
    case .retries: "retries"
    case .backoff: "backoff"
    case .env: "env"
    case .passEnv: "pass_env"
    }
  }

  static let table = FieldTable<WorkerField>()
}

/// The fields of a step of `verify`, and of `gate`.
enum StepField: Int, FieldKey {
  case command, shell, file, coverage, timeout

  var name: String {
    switch self {
    case .command: "command"
    case .shell: "shell"
    case .file: "file"
    case .coverage: "coverage"
    case .timeout: "timeout"
    }
  }

  static let table = FieldTable<StepField>()
}

/// The fields of `coverage` in such a step.
enum CoverageField: Int, FieldKey {
  case report, min

  var name: String {
    switch self {
    case .report: "report"
    case .min: "min"
    }
  }

  static let table = FieldTable<CoverageField>()
}

/// The fields of `setup`.
enum SetupField: Int, FieldKey {
  case shell, copy, keep

  var name: String {
    switch self {
    case .shell: "shell"
    case .copy: "copy"
    case .keep: "keep"
    }
  }

  static let table = FieldTable<SetupField>()
}
