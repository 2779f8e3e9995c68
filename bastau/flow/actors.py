from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bastau.people.models import Post, User


@dataclass(frozen=True)
class Actor:
    """Who does something: a citizen (no post), a member of staff in one post, or the system (neither)."""

    user: User | None = None
    post: Post | None = None

    @property
    def role(self) -> str:
        """The role in which the actor acts: of the post, `citizen`, `system`, or nothing for staff without a post."""
        if self.post is not None:
            return self.post.role
        if self.user is None:
            return "system"
        return "citizen" if self.user.is_citizen else ""

    @property
    def is_system(self) -> bool:
        return self.user is None


SYSTEM = Actor()
