"""Users in the admin site, for whoever runs the project; it is there that Django looks for it."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from .models import User

admin.site.register(User, UserAdmin)
