"""Payroll plans of enterprises, checked against the law in force at place and month."""
