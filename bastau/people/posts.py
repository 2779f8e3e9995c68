"""Which posts a user holds now. A post that substitutes another gives that post's role in its office, and only then."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from bastau import clock
from bastau.people.models import Office, Post, User

_KEPT = "_posts_of_all_times"


def posts_of(user: User | AnonymousUser) -> list[Post]:
    """The posts of `user` in force now, own ones before substitutions, each with office and substituted post.

    All posts are read once for one user object (a request); whether they are in force is asked of the clock each time.
    """
    if not user.is_authenticated or user.is_citizen:
        return []
    kept: list[Post] | None = user.__dict__.get(_KEPT)
    if kept is None:
        found = Post.objects.filter(user=user).select_related("office", "substitutes__user__person")
        kept = sorted(found, key=lambda post: (post.substitutes_id is not None, post.pk))
        user.__dict__[_KEPT] = kept
    now = clock.now()
    return [post for post in kept if post.since <= now and (post.until is None or now < post.until)]


def forget_posts(user: User) -> None:
    """Let the next question read the posts of `user` anew."""
    user.__dict__.pop(_KEPT, None)


def holds(user: User | AnonymousUser, role: str, office: Office | int | None) -> Post | None:
    """The post in force in which `user` has `role` in `office` (an Office or its id): the own one, else a
    substitution; None where there is neither."""
    office_id = office.pk if isinstance(office, Office) else office
    for post in posts_of(user):
        if post.role == role and post.office_id == office_id:
            return post
    return None
