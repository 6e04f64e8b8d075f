-- CreateTable
CREATE TABLE "observers" (
    "batch_test_run_id" UUID NOT NULL,
    "model" TEXT,
    "speaks_up" BOOLEAN NOT NULL DEFAULT false,
    "note_budget_micros" BIGINT,

    CONSTRAINT "observers_pkey" PRIMARY KEY ("batch_test_run_id")
);

-- CreateTable
CREATE TABLE "observations" (
    "message_id" UUID NOT NULL,
    "is_note" BOOLEAN NOT NULL,
    "details" JSONB NOT NULL,

    CONSTRAINT "observations_pkey" PRIMARY KEY ("message_id")
);

-- CreateTable
CREATE TABLE "observer_notes" (
    "batch_test_run_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "claimed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "message_id" UUID,

    CONSTRAINT "observer_notes_pkey" PRIMARY KEY ("batch_test_run_id","key")
);

-- AddForeignKey
ALTER TABLE "observers" ADD CONSTRAINT "observers_batch_test_run_id_fkey" FOREIGN KEY ("batch_test_run_id") REFERENCES "batch_test_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "observations" ADD CONSTRAINT "observations_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "observer_notes" ADD CONSTRAINT "observer_notes_batch_test_run_id_fkey" FOREIGN KEY ("batch_test_run_id") REFERENCES "batch_test_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;
