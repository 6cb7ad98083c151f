"""The approval bot: cards to those who may decide, taps and commands back, nothing from anybody else."""

from bot.telegram.bot import ApprovalBot

__all__ = ["ApprovalBot"]
