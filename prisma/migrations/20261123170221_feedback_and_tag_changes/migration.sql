-- DropIndex
DROP INDEX "message_feedback_message_id_idx";

-- CreateTable
CREATE TABLE "session_tag_changes" (
    "id" UUID NOT NULL,
    "conversation_id" UUID NOT NULL,
    "old_session_id" TEXT NOT NULL,
    "old_experiment_name" TEXT,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "session_tag_changes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "session_tag_changes_conversation_id_idx" ON "session_tag_changes"("conversation_id");

-- CreateIndex
CREATE INDEX "session_tag_changes_old_session_id_idx" ON "session_tag_changes"("old_session_id");

-- CreateIndex
CREATE UNIQUE INDEX "message_feedback_message_id_key" ON "message_feedback"("message_id");

-- AddForeignKey
ALTER TABLE "session_tag_changes" ADD CONSTRAINT "session_tag_changes_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
