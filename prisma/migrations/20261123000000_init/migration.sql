-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "run_status" AS ENUM ('queued', 'running', 'pausing', 'paused', 'completed', 'cancelled', 'failed');

-- CreateEnum
CREATE TYPE "item_state" AS ENUM ('pending', 'running', 'answered', 'judged', 'judge_failed', 'failed');

-- CreateEnum
CREATE TYPE "failure_kind" AS ENUM ('rate-limited', 'timeout', 'auth', 'refused', 'invalid-request', 'overloaded', 'connection', 'content-filter', 'unknown');

-- CreateEnum
CREATE TYPE "message_role" AS ENUM ('system', 'user', 'assistant');

-- CreateEnum
CREATE TYPE "feedback_verdict" AS ENUM ('up', 'down');

-- CreateTable
CREATE TABLE "suites" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "suites_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "suite_versions" (
    "id" UUID NOT NULL,
    "suite_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "content_hash" TEXT NOT NULL,
    "case_count" INTEGER NOT NULL,
    "validator_count" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "suite_versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "suite_cases" (
    "id" UUID NOT NULL,
    "suite_version_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "case_id" TEXT NOT NULL,
    "turns" JSONB NOT NULL,
    "system" TEXT,
    "expected" TEXT,
    "notes" TEXT,
    "tags" TEXT[],
    "group_name" TEXT,
    "validators" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "suite_cases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "runs" (
    "id" UUID NOT NULL,
    "experiment_name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "batch_test_runs" (
    "id" UUID NOT NULL,
    "run_id" UUID,
    "suite_version_id" UUID NOT NULL,
    "model" TEXT NOT NULL,
    "status" "run_status" NOT NULL DEFAULT 'queued',
    "status_reason" TEXT,
    "status_message" TEXT,
    "concurrency" INTEGER NOT NULL,
    "repeats" INTEGER NOT NULL,
    "call_settings" JSONB NOT NULL,
    "judge_settings" JSONB,
    "budget_micros" BIGINT,
    "total_items" INTEGER NOT NULL,
    "pending_items" INTEGER NOT NULL,
    "running_items" INTEGER NOT NULL DEFAULT 0,
    "answered_items" INTEGER NOT NULL DEFAULT 0,
    "judged_items" INTEGER NOT NULL DEFAULT 0,
    "judge_failed_items" INTEGER NOT NULL DEFAULT 0,
    "failed_items" INTEGER NOT NULL DEFAULT 0,
    "judge_waiting_items" INTEGER NOT NULL DEFAULT 0,
    "validators_passed" INTEGER NOT NULL DEFAULT 0,
    "validators_total" INTEGER NOT NULL DEFAULT 0,
    "input_tokens" BIGINT NOT NULL DEFAULT 0,
    "output_tokens" BIGINT NOT NULL DEFAULT 0,
    "cached_input_tokens" BIGINT NOT NULL DEFAULT 0,
    "answers_cost_micros" BIGINT NOT NULL DEFAULT 0,
    "judging_cost_micros" BIGINT NOT NULL DEFAULT 0,
    "unpriced_calls" INTEGER NOT NULL DEFAULT 0,
    "latency_p50_ms" DOUBLE PRECISION,
    "latency_p95_ms" DOUBLE PRECISION,
    "last_event_seq" BIGINT NOT NULL DEFAULT 0,
    "driver_id" UUID,
    "driver_epoch" INTEGER NOT NULL DEFAULT 0,
    "driver_lease_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "batch_test_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_scores" (
    "batch_test_run_id" UUID NOT NULL,
    "criterion" TEXT NOT NULL,
    "judge_model" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "total" DOUBLE PRECISION NOT NULL,
    "total_squares" DOUBLE PRECISION NOT NULL,
    "passed" INTEGER NOT NULL,

    CONSTRAINT "run_scores_pkey" PRIMARY KEY ("batch_test_run_id","criterion","judge_model")
);

-- CreateTable
CREATE TABLE "batch_test_items" (
    "id" UUID NOT NULL,
    "batch_test_run_id" UUID NOT NULL,
    "suite_case_id" UUID NOT NULL,
    "repeat" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "state" "item_state" NOT NULL DEFAULT 'pending',
    "judge_wanted" BOOLEAN NOT NULL DEFAULT false,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "failure_kind" "failure_kind",
    "failure" JSONB,
    "tries" JSONB NOT NULL DEFAULT '[]',
    "message_id" UUID,
    "answer_preview" TEXT,
    "latency_ms" DOUBLE PRECISION,
    "time_to_first_token_ms" DOUBLE PRECISION,
    "input_tokens" INTEGER,
    "output_tokens" INTEGER,
    "cost_micros" BIGINT,
    "validators_passed" INTEGER NOT NULL DEFAULT 0,
    "validators_total" INTEGER NOT NULL DEFAULT 0,
    "scores" JSONB NOT NULL DEFAULT '[]',
    "last_event_seq" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "batch_test_items_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "conversations" (
    "id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "is_widget_session" BOOLEAN NOT NULL DEFAULT false,
    "widget_session_id" TEXT,
    "session_id" TEXT,
    "experiment_name" TEXT,
    "batch_test_run_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "conversations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "messages" (
    "id" UUID NOT NULL,
    "conversation_id" UUID NOT NULL,
    "item_id" UUID,
    "role" "message_role" NOT NULL,
    "content" TEXT NOT NULL,
    "turn" INTEGER NOT NULL,
    "model" TEXT,
    "input_tokens" INTEGER,
    "output_tokens" INTEGER,
    "cached_input_tokens" INTEGER,
    "latency_ms" DOUBLE PRECISION,
    "time_to_first_token_ms" DOUBLE PRECISION,
    "cost_micros" BIGINT,
    "finish_reason" TEXT,
    "provider_request_id" TEXT,
    "attempts" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "messages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "judge_calls" (
    "id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "judge_model" TEXT NOT NULL,
    "prompt_version" TEXT NOT NULL,
    "failure_kind" "failure_kind",
    "failure" JSONB,
    "raw_text" TEXT,
    "input_tokens" INTEGER,
    "output_tokens" INTEGER,
    "cached_input_tokens" INTEGER,
    "cost_micros" BIGINT,
    "latency_ms" DOUBLE PRECISION,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "judge_calls_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "judgments" (
    "id" UUID NOT NULL,
    "judge_call_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "criterion" TEXT NOT NULL,
    "judge_model" TEXT NOT NULL,
    "prompt_version" TEXT NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "passed" BOOLEAN NOT NULL,
    "threshold" DOUBLE PRECISION NOT NULL,
    "evidence_json" JSONB NOT NULL,
    "current" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "judgments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "validator_results" (
    "id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "validator" JSONB NOT NULL,
    "passed" BOOLEAN NOT NULL,
    "explanation" TEXT,

    CONSTRAINT "validator_results_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message_feedback" (
    "id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "verdict" "feedback_verdict" NOT NULL,
    "note" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "message_feedback_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_events" (
    "batch_test_run_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "body" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_events_pkey" PRIMARY KEY ("batch_test_run_id","seq")
);

-- CreateTable
CREATE TABLE "model_prices" (
    "id" UUID NOT NULL,
    "model" TEXT NOT NULL,
    "effective_from" DATE NOT NULL,
    "input_micros_per_million" BIGINT NOT NULL,
    "output_micros_per_million" BIGINT NOT NULL,
    "cached_input_micros_per_million" BIGINT NOT NULL,
    "source" TEXT NOT NULL,

    CONSTRAINT "model_prices_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "suites_name_key" ON "suites"("name");

-- CreateIndex
CREATE UNIQUE INDEX "suite_versions_suite_id_version_key" ON "suite_versions"("suite_id", "version");

-- CreateIndex
CREATE UNIQUE INDEX "suite_cases_suite_version_id_case_id_key" ON "suite_cases"("suite_version_id", "case_id");

-- CreateIndex
CREATE UNIQUE INDEX "suite_cases_suite_version_id_position_key" ON "suite_cases"("suite_version_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "runs_experiment_name_key" ON "runs"("experiment_name");

-- CreateIndex
CREATE INDEX "batch_test_runs_created_at_id_idx" ON "batch_test_runs"("created_at" DESC, "id");

-- CreateIndex
CREATE INDEX "batch_test_runs_run_id_idx" ON "batch_test_runs"("run_id");

-- CreateIndex
CREATE INDEX "batch_test_runs_suite_version_id_idx" ON "batch_test_runs"("suite_version_id");

-- CreateIndex
CREATE INDEX "batch_test_items_batch_test_run_id_state_position_idx" ON "batch_test_items"("batch_test_run_id", "state", "position");

-- CreateIndex
CREATE INDEX "batch_test_items_suite_case_id_idx" ON "batch_test_items"("suite_case_id");

-- CreateIndex
CREATE UNIQUE INDEX "batch_test_items_batch_test_run_id_suite_case_id_repeat_key" ON "batch_test_items"("batch_test_run_id", "suite_case_id", "repeat");

-- CreateIndex
CREATE UNIQUE INDEX "batch_test_items_batch_test_run_id_position_key" ON "batch_test_items"("batch_test_run_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "conversations_widget_session_id_key" ON "conversations"("widget_session_id");

-- CreateIndex
CREATE UNIQUE INDEX "conversations_batch_test_run_id_key" ON "conversations"("batch_test_run_id");

-- CreateIndex
CREATE INDEX "messages_conversation_id_id_idx" ON "messages"("conversation_id", "id");

-- CreateIndex
CREATE INDEX "messages_item_id_idx" ON "messages"("item_id");

-- CreateIndex
CREATE INDEX "judge_calls_message_id_idx" ON "judge_calls"("message_id");

-- CreateIndex
CREATE INDEX "judgments_message_id_idx" ON "judgments"("message_id");

-- CreateIndex
CREATE INDEX "judgments_judge_call_id_idx" ON "judgments"("judge_call_id");

-- CreateIndex
CREATE UNIQUE INDEX "validator_results_message_id_position_key" ON "validator_results"("message_id", "position");

-- CreateIndex
CREATE INDEX "message_feedback_message_id_idx" ON "message_feedback"("message_id");

-- CreateIndex
CREATE UNIQUE INDEX "model_prices_model_effective_from_key" ON "model_prices"("model", "effective_from");

-- AddForeignKey
ALTER TABLE "suite_versions" ADD CONSTRAINT "suite_versions_suite_id_fkey" FOREIGN KEY ("suite_id") REFERENCES "suites"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "suite_cases" ADD CONSTRAINT "suite_cases_suite_version_id_fkey" FOREIGN KEY ("suite_version_id") REFERENCES "suite_versions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "batch_test_runs" ADD CONSTRAINT "batch_test_runs_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "batch_test_runs" ADD CONSTRAINT "batch_test_runs_suite_version_id_fkey" FOREIGN KEY ("suite_version_id") REFERENCES "suite_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_scores" ADD CONSTRAINT "run_scores_batch_test_run_id_fkey" FOREIGN KEY ("batch_test_run_id") REFERENCES "batch_test_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "batch_test_items" ADD CONSTRAINT "batch_test_items_batch_test_run_id_fkey" FOREIGN KEY ("batch_test_run_id") REFERENCES "batch_test_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "batch_test_items" ADD CONSTRAINT "batch_test_items_suite_case_id_fkey" FOREIGN KEY ("suite_case_id") REFERENCES "suite_cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_batch_test_run_id_fkey" FOREIGN KEY ("batch_test_run_id") REFERENCES "batch_test_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "batch_test_items"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "judge_calls" ADD CONSTRAINT "judge_calls_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "judgments" ADD CONSTRAINT "judgments_judge_call_id_fkey" FOREIGN KEY ("judge_call_id") REFERENCES "judge_calls"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "judgments" ADD CONSTRAINT "judgments_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "validator_results" ADD CONSTRAINT "validator_results_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message_feedback" ADD CONSTRAINT "message_feedback_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_events" ADD CONSTRAINT "run_events_batch_test_run_id_fkey" FOREIGN KEY ("batch_test_run_id") REFERENCES "batch_test_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema cannot express.

ALTER TABLE "judgments" ADD CONSTRAINT "judgments_score_range" CHECK ("score" BETWEEN 1 AND 10);

-- The counters of a run add up to its items.
ALTER TABLE "batch_test_runs" ADD CONSTRAINT "batch_test_runs_counters" CHECK (
  "pending_items" >= 0 AND "running_items" >= 0 AND "answered_items" >= 0 AND "judged_items" >= 0
  AND "judge_failed_items" >= 0 AND "failed_items" >= 0
  AND "judge_waiting_items" BETWEEN 0 AND "answered_items"
  AND "pending_items" + "running_items" + "answered_items" + "judged_items" + "judge_failed_items" + "failed_items"
    = "total_items");

CREATE INDEX "conversations_session_id_idx" ON "conversations" ("session_id") WHERE "session_id" IS NOT NULL;
CREATE INDEX "conversations_experiment_name_idx" ON "conversations" ("experiment_name") WHERE "experiment_name" IS NOT NULL;

-- One current judgment per message, criterion and judge.
CREATE UNIQUE INDEX "judgments_current_key" ON "judgments" ("message_id", "criterion", "judge_model") WHERE "current";

-- Runs that somebody has to drive.
CREATE INDEX "batch_test_runs_active_idx" ON "batch_test_runs" ("created_at")
  WHERE "status" IN ('queued', 'running', 'pausing');

-- Answers that wait for the judge.
CREATE INDEX "batch_test_items_judge_waiting_idx" ON "batch_test_items" ("batch_test_run_id", "position")
  WHERE "state" = 'answered' AND "judge_wanted";
